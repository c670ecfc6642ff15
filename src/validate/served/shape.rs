use super::row::ServedMeasurement;
use crate::catalog::{Architecture, Catalog};
use crate::validate::Unresolved;
use crate::validate::hardware::parts;

/// The shape of the model that a row names, and what it was taken for: `Qwen3-32B (proxy for …)`,
/// `Llama-3.1-8B (= R1-Distill-Llama-8B shape)`, `DeepSeek-R1(-0528) 671B`.
pub(super) fn shape<'a>(
    row: &ServedMeasurement,
    catalog: &'a Catalog,
) -> Result<(&'a str, &'a Architecture), Unresolved> {
    let (outside, inside) = parts(&row.model);
    let lower = outside.to_lowercase();
    if let Some(shape) = catalog.reference_shapes()?.iter().find(|shape| lower.contains(&shape.id)) {
        return Ok((&shape.id, &shape.architecture));
    }
    let inside = inside.first().map_or("", String::as_str);
    let inside = inside.trim_start_matches("= ").trim_start_matches("proxy for ");
    let inside = inside.split(':').next().unwrap_or(inside).trim_end_matches(" shape");
    // A bare size means an R1 only where the row says so.
    let own_words = if lower.contains("deepseek") || lower.contains("r1") { outside.as_str() } else { "" };
    // Exported benchmarks name a shape without the R1 that has it.
    let distilled = format!("r1-distill-{lower}");
    let names = [outside.as_str(), inside, &distilled].into_iter().chain(own_words.split_whitespace());
    for name in names {
        if let Ok(model) = catalog.model(name) {
            return Ok((&model.id, &model.architecture));
        }
    }
    // A dense model of another family is near the one of as many parameters.
    let parameters = row.params_b.map(|billions| billions * 1e9);
    let nearest = parameters.and_then(|parameters| {
        let far = |count: u64| (count as f64 / parameters).ln().abs();
        let dense =
            catalog.models().iter().filter(|model| model.parameters == model.architecture.parameters());
        dense
            .filter(|model| far(model.parameters) < 0.2)
            .min_by(|a, b| far(a.parameters).total_cmp(&far(b.parameters)))
    });
    match nearest {
        Some(model) => Ok((&model.id, &model.architecture)),
        None => Err(Unresolved::Model(row.model.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_understood_as_tables_name_them() {
        let catalog = Catalog::embedded().unwrap();
        for (name, id) in [
            ("DeepSeek-R1(-0528) 671B", "r1-671b"),
            ("DeepSeek-V3/R1 671B", "r1-671b"),
            ("DeepSeek-V3 671B (same shape)", "r1-671b"),
            ("DeepSeek-R1-0528 671B", "r1-0528-671b"),
            ("R1-Distill-Qwen-14B", "r1-distill-qwen-14b"),
            ("Llama-3.1-8B (= R1-Distill-Llama-8B shape)", "r1-distill-llama-8b"),
            ("Llama-3.3-70B (= R1-Distill-Llama-70B shape)", "r1-distill-llama-70b"),
            ("Qwen3-32B (proxy for R1-Distill-Qwen-32B)", "qwen3-32b"),
            ("Qwen3-8B (proxy for R1-0528-Qwen3-8B: same shape)", "r1-0528-qwen3-8b"),
            ("Qwen2.5-32B fine-tune, GPTQ int8 (= R1-Distill-Qwen-32B shape)", "r1-distill-qwen-32b"),
            ("Llama-2-70B (proxy for R1-Distill-Llama-70B)", "llama-2-70b"),
        ] {
            let row = ServedMeasurement { model: name.to_owned(), ..ServedMeasurement::default() };
            assert_eq!(shape(&row, &catalog).unwrap().0, id, "{name}");
        }
        let other = ServedMeasurement {
            model: "Gemma-4-31B (proxy, 31B dense)".to_owned(),
            params_b: Some(31.0),
            ..ServedMeasurement::default()
        };
        assert_eq!(shape(&other, &catalog).unwrap().0, "r1-distill-qwen-32b");
    }
}
