//! Laws of the shipped catalog, names that people and drivers use, and what a wrong catalog file is told.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use r1_advisor::calibration::Constant;
use r1_advisor::catalog::{
    Accelerator, AcceleratorKind, Catalog, CatalogError, FeedForward, Model, own_sentences,
};
use r1_advisor::error::Failure;
use r1_advisor::gguf::{LatentLayout, Layout, Mix};
use r1_advisor::i18n::{Lang, Locale};
use r1_advisor::machine::{PcieLink, Vendor};
use r1_advisor::message::fact;
use r1_advisor::units::Bytes;

use crate::support::run;

fn catalog() -> Catalog {
    Catalog::embedded().expect("the shipped catalog is right")
}

/// The shipped catalog under files of the user's.
fn overlaid(files: &[(&str, &str)]) -> (tempfile::TempDir, Result<Catalog, CatalogError>) {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let catalog = Catalog::overlaid([folder.path()]);
    (folder, catalog)
}

/// An error and, on a second line, its hint.
fn words(error: &CatalogError) -> String {
    let locale = Locale::default();
    let hint = error.hint().map_or_else(String::new, |hint| format!("\n{}", locale.say(&hint)));
    locale.say(&error.message()) + &hint
}

/// What a wrong file is told, with the folder cut off: the error and, on a second line, the hint.
fn complaint(path: &str, text: &str) -> String {
    let (folder, catalog) = overlaid(&[(path, text)]);
    let told = |error: CatalogError| words(&error).replace(&format!("{}/", folder.path().display()), "");
    match catalog {
        Err(error) => told(error),
        Ok(catalog) => {
            match catalog.accelerators().map(|_| ()).and_then(|()| catalog.cpu_platforms().map(|_| ())) {
                Err(error) => told(error),
                Ok(()) => "no complaint".to_owned(),
            }
        }
    }
}

#[test]
fn the_shipped_catalog_has_every_size_in_its_order() {
    let catalog = catalog();
    let ids: Vec<&str> = catalog.models().iter().map(|model| model.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "r1-distill-qwen-1.5b",
            "r1-distill-qwen-7b",
            "r1-distill-llama-8b",
            "r1-0528-qwen3-8b",
            "r1-distill-qwen-14b",
            "r1-distill-qwen-32b",
            "r1-distill-llama-70b",
            "r1-671b",
            "r1-0528-671b",
        ]
    );
    let parameters: Vec<u64> = catalog.models().iter().map(|model| model.parameters).collect();
    assert_eq!(parameters[0], 1_777_088_000);
    assert_eq!(parameters[7], 671_026_419_200);
}

#[test]
fn parameters_are_what_the_tensors_add_up_to() {
    for model in catalog().models() {
        let mix = Mix::named("F16", false).expect("a mix");
        let layout = Layout::new(&model.architecture, mix, LatentLayout::Merged);
        assert_eq!(layout.parameters(), model.parameters, "{}", model.id);
    }
}

#[test]
fn active_parameters_leave_out_the_embedding_and_idle_experts() {
    for model in catalog().models() {
        let shape = &model.architecture;
        let embedding = u64::from(shape.vocabulary) * u64::from(shape.hidden_size);
        let idle = match shape.feed_forward {
            FeedForward::Dense { .. } => 0,
            FeedForward::Experts {
                dense_layers, expert_intermediate_size, experts, experts_used, ..
            } => {
                u64::from(shape.layers - dense_layers)
                    * u64::from(experts - experts_used)
                    * 3
                    * u64::from(shape.hidden_size)
                    * u64::from(expert_intermediate_size)
            }
        };
        assert_eq!(model.active_parameters, model.parameters - embedding - idle, "{}", model.id);
    }
}

#[test]
fn a_model_is_in_the_file_of_its_id() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog/models");
    let files: BTreeSet<String> = fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    let expected: BTreeSet<String> =
        catalog().models().iter().map(|model| format!("{}.toml", model.id)).collect();
    assert_eq!(files, expected);
}

#[test]
fn every_name_of_a_model_means_it() {
    let catalog = catalog();
    for model in catalog.models() {
        let names = [&model.id, &model.name, &model.repository];
        for name in model.aliases.iter().chain(names) {
            assert_eq!(catalog.model(name).expect(name).id, model.id, "{name}");
            assert_eq!(catalog.model(&name.to_uppercase()).expect(name).id, model.id, "{name}");
        }
    }
    for (name, id) in [
        ("7b", "r1-distill-qwen-7b"),
        ("r1:7b", "r1-distill-qwen-7b"),
        ("deepseek-r1:7b", "r1-distill-qwen-7b"),
        ("DeepSeek-R1-Distill-Qwen-7B", "r1-distill-qwen-7b"),
        ("deepseek-ai/DeepSeek-R1-Distill-Llama-70B", "r1-distill-llama-70b"),
        ("8b", "r1-distill-llama-8b"),
        ("0528-8b", "r1-0528-qwen3-8b"),
        ("0528", "r1-0528-671b"),
        ("671b", "r1-671b"),
    ] {
        assert_eq!(catalog.model(name).expect(name).id, id, "{name}");
    }
}

#[test]
fn a_target_is_a_model_and_perhaps_a_quant() {
    let catalog = catalog();
    let target = |text: &str| {
        let (model, quant) = catalog.target(text).map_err(|error| words(&error))?;
        Ok((model.id.as_str(), quant.map(|quant| quant.id.as_str())))
    };
    assert_eq!(target("7b"), Ok(("r1-distill-qwen-7b", None)));
    assert_eq!(target("7b:q4_k_m"), Ok(("r1-distill-qwen-7b", Some("Q4_K_M"))));
    assert_eq!(target("r1:70b"), Ok(("r1-distill-llama-70b", None)));
    assert_eq!(target("r1:70b:UD-IQ1_S"), Ok(("r1-distill-llama-70b", Some("UD-IQ1_S"))));
    let wrong = |text: &str, hint: &str| Err(format!("{text}\n{hint}"));
    assert_eq!(target("7b:Q4_KM"), wrong("unknown quant `Q4_KM`", "did you mean `Q4_K_M`?"));
    assert_eq!(target("r1:7x"), wrong("unknown model `r1:7x`", "did you mean `r1:7b`?"));
    assert_eq!(target("7x"), wrong("unknown model `7x`", "did you mean `7b`?"));
}

#[test]
fn published_sizes_agree_with_the_tensor_layout() {
    let catalog = catalog();
    let mut compared = 0;
    let mut off = Vec::new();
    for model in catalog.models() {
        for artifact in &model.artifacts {
            let quant = catalog.quant(&artifact.quant).expect("a quant of the catalog");
            let (Some(published), Some(mix)) =
                (artifact.bytes(), Mix::named(&quant.id, quant.importance_matrix))
            else {
                continue;
            };
            let computed = Layout::new(&model.architecture, mix, LatentLayout::Split).bytes();
            // Unsloth's `Q2_K_L` is another rule than the one that the name stands for elsewhere.
            if artifact.repository.starts_with("unsloth/") && artifact.quant == "Q2_K_L" {
                continue;
            }
            // A tenth of a GiB is how far a rounded size may be off, and a tokenizer takes some MB. Files of the
            // 671B were made by other rules for its small tensors.
            let slack = Bytes::mib(120) + computed.share(0.02);
            if published.0.abs_diff(computed.0) > slack.0 {
                let (id, quant, from) = (&model.id, &quant.id, &artifact.repository);
                off.push(format!("{id} {quant} of {from}: {published} published, {computed} computed"));
            }
            compared += 1;
        }
    }
    assert!(off.is_empty(), "{}", off.join("\n"));
    assert!(compared > 100, "{compared}");
}

#[test]
fn shards_have_the_names_that_the_hub_has() {
    let catalog = catalog();
    let model = catalog.model("671b").expect("a model");
    let artifact = model.artifacts.iter().find(|artifact| artifact.quant == "UD-IQ1_S").expect("a quant");
    let paths: Vec<String> = artifact.files[0].paths().collect();
    assert_eq!(
        paths,
        [
            "DeepSeek-R1-UD-IQ1_S/DeepSeek-R1-UD-IQ1_S-00001-of-00003.gguf",
            "DeepSeek-R1-UD-IQ1_S/DeepSeek-R1-UD-IQ1_S-00002-of-00003.gguf",
            "DeepSeek-R1-UD-IQ1_S/DeepSeek-R1-UD-IQ1_S-00003-of-00003.gguf",
        ]
    );
}

#[test]
fn a_loss_measured_on_the_model_goes_before_the_general_one() {
    let catalog = catalog();
    let quant = catalog.quant("Q4_K_M").expect("a quant");
    assert_eq!(quant.loss_on("r1-distill-qwen-7b").percent, Some(2.4));
    assert_eq!(quant.loss_on("r1-671b").percent, Some(0.68));
    assert_eq!(catalog.quant("UD-IQ1_S").expect("a quant").loss_on("r1-671b").percent, None);
    for quant in catalog.quants() {
        for measured in &quant.measured_on {
            for id in &measured.models {
                assert_eq!(&catalog.model(id).expect(id).id, id);
            }
        }
    }
}

#[test]
fn every_scenario_of_the_article_has_its_use_case() {
    let catalog = catalog();
    let ids: Vec<&str> = catalog.use_cases().iter().map(|case| case.id.as_str()).collect();
    assert_eq!(
        ids,
        [
            "general",
            "mobile",
            "voice",
            "chat",
            "customer-service",
            "writing",
            "coding",
            "documents",
            "research",
            "batch"
        ]
    );
    let sizes: BTreeSet<&str> = catalog.models().iter().map(|model| model.size.as_str()).collect();
    for case in catalog.use_cases() {
        assert!(case.article_sizes.iter().all(|size| sizes.contains(size.as_str())), "{}", case.id);
    }
}

#[test]
fn names_of_accelerators_are_found_as_drivers_and_people_write_them() {
    let catalog = catalog();
    for (name, id) in [
        // Drivers.
        ("NVIDIA GeForce RTX 4090", "rtx-4090"),
        ("NVIDIA GeForce RTX 4090 Laptop GPU", "rtx-4090-laptop"),
        ("NVIDIA H100 80GB HBM3", "h100-sxm5-80gb"),
        ("NVIDIA H100 PCIe", "h100-pcie-80gb"),
        ("NVIDIA H100 NVL", "h100-nvl-94gb"),
        ("NVIDIA A100-SXM4-80GB", "a100-sxm4-80gb"),
        ("NVIDIA A100-SXM4-40GB", "a100-sxm4-40gb"),
        ("NVIDIA A100 80GB PCIe", "a100-pcie-80gb"),
        ("NVIDIA RTX 6000 Ada Generation", "rtx-6000-ada"),
        ("NVIDIA RTX PRO 6000 Blackwell Server Edition", "rtx-pro-6000-blackwell-server"),
        ("NVIDIA GH200 480GB", "gh200-96gb"),
        ("NVIDIA GB10", "gb10"),
        ("Tesla M40 24GB", "tesla-m40-24gb"),
        ("Intel(R) Arc(TM) A770 Graphics", "arc-a770"),
        ("AMD Radeon 8060S Graphics", "ryzen-ai-max-plus-395"),
        ("Radeon 8060S Graphics (RADV GFX1151)", "ryzen-ai-max-plus-395"),
        ("Apple M4", "m4-10core"),
        // People.
        ("4090", "rtx-4090"),
        ("rtx4090", "rtx-4090"),
        ("RTX 4090 24GB", "rtx-4090"),
        ("RTX 4090 48GB", "rtx-4090-48gb-modded"),
        ("rtx 4090d", "rtx-4090-d"),
        ("4090 mobile", "rtx-4090-laptop"),
        ("RTX 5060", "rtx-5060"),
        ("RTX 5060 Ti 16GB", "rtx-5060-ti-16gb"),
        ("7900xtx", "rx-7900-xtx"),
        ("A6000", "rtx-a6000"),
        ("RTX PRO 6000", "rtx-pro-6000-blackwell"),
        ("H100", "h100-sxm5-80gb"),
        ("H20", "h20-96gb"),
        ("B200", "b200-sxm"),
        ("Tesla M40", "tesla-m40-24gb"),
        ("M4", "m4-10core"),
        ("M3 Max", "m3-max-40core"),
        ("M3 Max 30-core", "m3-max-30core"),
        ("Apple M2 Ultra", "m2-ultra"),
        ("strix halo", "ryzen-ai-max-plus-395"),
        ("DGX Spark", "gb10"),
        ("昇腾910B", "ascend-910b"),
        // Tables of published measurements.
        ("NVIDIA A100 SXM 80GB", "a100-sxm4-80gb"),
        ("NVIDIA DGX Spark (GB10) 128GB", "gb10"),
        ("AMD Ryzen AI Max+ 395 (Radeon 8060S, 128GB LPDDR5X-8000)", "ryzen-ai-max-plus-395"),
        ("AMD Ryzen 9 7940HS (Radeon 780M, 64GB DDR5-5600)", "ryzen-7-8845hs-7840hs"),
        ("AMD Instinct MI50 32GB", "instinct-mi50-32gb"),
        ("AMD Instinct MI325X 256GB HBM3e", "instinct-mi325x"),
        ("Apple M1 Pro 14-core GPU", "m1-pro"),
        ("Apple M2 Ultra 76-core GPU 192GB", "m2-ultra"),
        ("B200-SXM-180GB", "b200-sxm"),
        ("H200-NVL-141GB", "h200-nvl"),
        ("NVIDIA GeForce RTX 4060 Laptop 8GB", "rtx-4060-laptop"),
    ] {
        let found = catalog.accelerator(name).map(|entry| entry.id.as_str()).map_err(|error| words(&error));
        assert_eq!(found, Ok(id), "{name}");
    }
}

#[test]
fn every_own_name_of_an_accelerator_means_it() {
    let catalog = catalog();
    for entry in catalog.accelerators().expect("accelerators") {
        for name in [&entry.name, &entry.id] {
            let found = catalog.accelerator(name).map(|found| &found.id).map_err(|error| words(&error));
            assert_eq!(found, Ok(&entry.id), "{name}");
        }
    }
}

#[test]
fn a_name_that_means_several_or_none_is_said_to() {
    let catalog = catalog();
    let told = |name: &str| words(&catalog.accelerator(name).expect_err(name));
    assert_eq!(
        told("RTX 4060 Ti"),
        "`RTX 4060 Ti` matches 2 GPUs\n\
         be more specific: `NVIDIA GeForce RTX 4060 Ti 8 GB`, `NVIDIA GeForce RTX 4060 Ti 16 GB`"
    );
    assert_eq!(told("RTX 40900"), "unknown GPU `RTX 40900`\ndid you mean `RTX 4090`?");
    // Never another card in place of an unknown one.
    for name in ["RTX 4090 16GB", "GTX 1650 Ti Mobile", "NVIDIA M4", "Radeon 4090", "A770X", "voodoo"] {
        assert!(matches!(catalog.accelerator(name), Err(CatalogError::Unknown { .. })), "{name}");
    }
}

#[test]
fn cards_that_share_a_pci_id_are_told_apart_by_name_and_memory() {
    let catalog = catalog();
    for (pci, name, gib, id) in [
        ("10de:2684", "NVIDIA GeForce RTX 4090", 24, Some("rtx-4090")),
        ("10de:2d04", "NVIDIA GeForce RTX 5060 Ti", 16, Some("rtx-5060-ti-16gb")),
        ("10de:2d04", "NVIDIA GeForce RTX 5060 Ti", 8, Some("rtx-5060-ti-8gb")),
        ("1002:744c", "AMD Radeon RX 7900 XTX", 24, Some("rx-7900-xtx")),
        ("1002:744c", "AMD Radeon RX 7900 XT", 20, Some("rx-7900-xt")),
        ("1002:744c", "", 20, Some("rx-7900-xt")),
        ("1002:66a1", "AMD Radeon Instinct MI50", 32, Some("instinct-mi50-32gb")),
        ("10de:ffff", "NVIDIA GeForce RTX 4090", 24, None),
    ] {
        let found = catalog
            .accelerator_by_pci(pci.parse().expect(pci), name, Some(Bytes::gib(gib)))
            .expect("accelerators")
            .map(|entry| entry.id.as_str());
        assert_eq!(found, id, "{pci} {name} {gib} GiB");
    }
}

#[test]
fn chips_that_share_main_memory_are_unified() {
    let catalog = catalog();
    for name in ["M3 Max", "Strix Halo", "DGX Spark", "Jetson AGX Orin 64GB", "Radeon 780M"] {
        assert_eq!(catalog.accelerator(name).expect(name).kind, AcceleratorKind::Unified, "{name}");
    }
    for entry in catalog.accelerators().expect("accelerators") {
        assert!(entry.vendor != Vendor::Apple || entry.kind == AcceleratorKind::Unified, "{}", entry.id);
    }
}

#[test]
fn cpus_are_told_by_the_names_they_give_themselves() {
    let catalog = catalog();
    for (name, id) in [
        ("AMD EPYC 9654 96-Core Processor", Some("epyc-9004")),
        ("EPYC 9654", Some("epyc-9004")),
        ("AMD EPYC-Genoa Processor", Some("epyc-9004")),
        ("AMD EPYC 7763 64-Core Processor", Some("epyc-7003")),
        ("AMD Ryzen 9 7950X 16-Core Processor", Some("ryzen-7000")),
        ("AMD Ryzen 7 7840HS with Radeon 780M Graphics", Some("ryzen-7040")),
        ("AMD RYZEN AI MAX+ 395 w/ Radeon 8060S", Some("ryzen-ai-max")),
        ("AMD Ryzen Threadripper PRO 7995WX 96-Cores", Some("threadripper-pro-7000")),
        ("13th Gen Intel(R) Core(TM) i9-13900K", Some("desktop-ddr5-5600")),
        ("Core i9-13900K", Some("desktop-ddr5-5600")),
        ("Intel(R) Core(TM) i7-10700K CPU @ 3.80GHz", Some("desktop-ddr4-3200")),
        ("Intel(R) Core(TM) Ultra 9 285K", Some("core-ultra-200s")),
        ("Intel(R) Core(TM) Ultra 7 258V", Some("core-ultra-200v")),
        ("Intel(R) Xeon(R) Platinum 8480+", Some("xeon-sapphire-rapids")),
        ("INTEL(R) XEON(R) PLATINUM 8581C CPU @ 2.10GHz", Some("xeon-emerald-rapids")),
        ("Intel(R) Xeon(R) 6980P", Some("xeon-6900p")),
        ("Intel(R) Xeon(R) CPU E5-2690 v3 @ 2.60GHz", Some("xeon-e5-v3")),
        ("Intel(R) Xeon(R) w9-3495X", Some("xeon-w-3400")),
        ("Kunpeng-920", Some("kunpeng-920")),
        ("Apple M2 Max", Some("m2-max")),
        ("DDR5-5600", Some("desktop-ddr5-5600")),
        ("Intel(R) Xeon(R) Processor @ 2.60GHz", None),
        ("", None),
    ] {
        let found = catalog.cpu_platform(name).expect("CPU platforms").map(|platform| platform.id.as_str());
        assert_eq!(found, id, "{name}");
    }
}

#[test]
fn no_figure_is_without_a_source() {
    let catalog = catalog();
    let mut sources: Vec<&str> = Vec::new();
    for model in catalog.models() {
        sources.extend([&*model.architecture_source, &*model.licence.source, &*model.sampling.source]);
        sources.extend(model.benchmarks.values().map(|score| score.source.as_str()));
        sources.extend(model.tokens_per_answer.iter().map(|answer| answer.source.as_str()));
        sources.extend(model.artifacts.iter().map(|artifact| artifact.source.as_str()));
        sources.extend(model.corrections.iter().map(|correction| correction.source.as_str()));
    }
    sources.extend(catalog.quants().iter().map(|quant| quant.loss.source.as_str()));
    sources.extend(catalog.use_cases().iter().map(|case| case.provenance.source.as_str()));
    sources.extend(
        catalog.accelerators().expect("accelerators").iter().map(|entry| entry.provenance.source.as_str()),
    );
    sources.extend(
        catalog.cpu_platforms().expect("CPUs").iter().map(|platform| platform.provenance.source.as_str()),
    );
    // Names of `[sources]` are replaced by what they stand for.
    let short: Vec<_> =
        sources.iter().filter(|source| !source.contains("://") && !source.contains(' ')).collect();
    assert!(short.is_empty(), "{short:?}");
    assert!(sources.len() > 700);
}

/// What `models show` prints for a model, in every format.
fn shown(name: &str) -> String {
    ["table", "json", "csv", "markdown"]
        .iter()
        .map(|format| run(["models", "show", name, "--format", format]).exits(0).out().to_owned())
        .collect()
}

#[test]
fn the_wrong_figures_in_circulation_are_never_printed() {
    // The article's figures (its claims are checked one by one in the models' corrections).
    for (name, wrong) in [
        ("70b", "79.8"),
        ("7b", "83.9"),
        ("671b", "94.3"),
        ("14b", "65 %"),
        ("32b", "65 %"),
        ("671b", "50 million"),
        ("1.5b", "0.1 s"),
    ] {
        let shown = shown(name);
        assert!(!shown.contains(wrong), "`models show {name}` prints {wrong}");
        assert!(shown.contains("corrections"), "{name}");
    }
    assert!(shown("70b").contains("70.0"));
    assert!(shown("671b").contains("97.3"));
}

#[test]
fn llama_models_show_what_their_licence_asks() {
    for name in ["8b", "70b"] {
        let shown = shown(name);
        assert!(shown.contains("Built with Llama") && shown.contains("700 million"), "{name}");
    }
}

#[test]
fn the_examples_of_the_catalogs_readme_are_right() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/catalog.md");
    let readme = fs::read_to_string(readme).expect("a README");
    let examples: Vec<(&str, &str)> = readme
        .split("```toml\n")
        .skip(1)
        .map(|rest| {
            let text = rest.split("```").next().expect("an end");
            (text.lines().next().expect("a line").trim_start_matches("# "), text)
        })
        .collect();
    assert_eq!(examples.len(), 5);
    let (_folder, catalog) = overlaid(&examples);
    let catalog = catalog.expect("right examples");
    assert_eq!(catalog.model("tiny-llama").expect("the model").size, "0.1B");
    for name in ["RTX 9090", "9090", "nvidia rtx9090 48GB", "NVIDIA GeForce RTX 9090"] {
        assert_eq!(catalog.accelerator(name).expect(name).id, "rtx-9090", "{name}");
    }
    assert_eq!(catalog.accelerator("B580").expect("a card").price_usd(), Some(260.0));
    let rentals = catalog.rentals().expect("rentals");
    assert!(rentals.iter().any(|rental| rental.provider == "Our dealer"));
    let cpu = catalog.cpu_platform("AMD EPYC 9965 192-Core Processor").expect("CPUs").expect("a platform");
    assert_eq!(cpu.id, "epyc-9005");
    let cpu = catalog.cpu_platform("AMD EPYC 9756 128-Core Processor").expect("CPUs").expect("a platform");
    assert_eq!(cpu.id, "epyc-9006");
}

#[test]
fn an_overlay_replaces_what_it_names_and_keeps_the_rest() {
    let mut text = fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog/models/r1-distill-qwen-7b.toml"),
    )
    .expect("a model");
    text = text.replace("temperature = 0.6", "temperature = 0.5");
    let (_folder, catalog) = overlaid(&[("models/mine.toml", &text)]);
    let catalog = catalog.expect("a right overlay");
    assert_eq!(catalog.models().len(), 9);
    let temperature = |model: &Model| model.sampling.temperature;
    assert!((temperature(catalog.model("7b").expect("7b")) - 0.5).abs() < 1e-9);
    assert!((temperature(catalog.model("8b").expect("8b")) - 0.6).abs() < 1e-9);
}

const CARD: &str = "\
[[accelerator]]
id = \"rtx-9090\"
name = \"NVIDIA GeForce RTX 9090\"
vendor = \"nvidia\"
kind = \"gpu\"
memory_gib = 48
bandwidth_gb_per_second = 2400
pci_ids = [\"10de:9999\"]
launched = \"2027-01\"
source = \"https://example.com\"
";

#[test]
fn an_overlay_changes_only_the_fields_that_it_gives() {
    let (_folder, catalog) = overlaid(&[
        (
            "accelerators/mine.toml",
            "[[accelerator]]\nid = \"rtx-4090\"\ntdp_watts = 300\npcie = { width = 8 }\n",
        ),
        ("models/mine.toml", "id = \"r1-distill-qwen-7b\"\naliases = [\"mine\"]\n"),
        ("calibration.toml", "[constants]\npower = 0.4\n"),
    ]);
    let (catalog, shipped) = (catalog.expect("right files"), self::catalog());
    let of = |catalog: &Catalog| catalog.accelerator("rtx-4090").expect("a card").clone();
    let (changed, before) = (of(&catalog), of(&shipped));
    let pcie = before.pcie.map(|link| PcieLink { width: 8, ..link });
    assert_eq!(changed, Accelerator { tdp_watts: Some(300.0), pcie, ..before });
    assert_eq!(catalog.accelerators().expect("cards").len(), shipped.accelerators().expect("cards").len());
    let model = catalog.model("mine").expect("the alias");
    let before = shipped.model("7b").expect("a model").clone();
    assert_eq!(*model, Model { aliases: vec!["mine".to_owned()], ..before });
    let constant = |catalog: &Catalog, of| catalog.calibration().constants.get(of);
    assert!((constant(&catalog, Constant::Power) - 0.4).abs() < 1e-12);
    let bandwidth = |catalog: &Catalog| constant(catalog, Constant::Bandwidth).to_bits();
    assert_eq!(bandwidth(&catalog), bandwidth(&shipped));
}

#[test]
fn a_folder_of_the_users_brings_its_own_translations() {
    let path = "i18n/zh-CN.toml";
    let (folder, catalog) = overlaid(&[(path, "\"our dealer\" = \"我们的经销商\"\n")]);
    assert!(catalog.is_ok());
    let sentences = own_sentences(Some(folder.path()), "zh-CN");
    let locale = Locale { sentences, ..Locale::new(Lang::of_locale("zh")) };
    assert_eq!(locale.show(fact("our dealer")), "我们的经销商");
    assert_eq!(locale.show(fact("AIME problems")), "AIME 题目");
    assert!(complaint(path, "\"our dealer\" = 1\n").starts_with("i18n/zh-CN.toml:1:16: invalid type"));
}

#[test]
fn a_new_entry_must_be_whole() {
    for lacks in ["name", "vendor", "memory_gib"] {
        let lines = CARD.lines().filter(|line| !line.starts_with(lacks)).map(|line| line.to_owned() + "\n");
        let text: String = lines.collect();
        assert_eq!(
            complaint("accelerators/mine.toml", &text),
            format!(
                "accelerators/mine.toml:2:6: `rtx-9090` is new and lacks `{lacks}`\ndid you mean `rtx-5090`?"
            )
        );
    }
    assert_eq!(
        complaint("accelerators/mine.toml", "[[accelerators]]\nid = \"rtx-4090\"\n"),
        "accelerators/mine.toml:1:3: unknown key `accelerators`\ndid you mean `accelerator`?"
    );
}

#[test]
fn a_right_card_brings_no_complaint() {
    assert_eq!(complaint("accelerators/mine.toml", CARD), "no complaint");
}

#[test]
fn wrong_cards_are_told_file_line_and_the_nearest_right_name() {
    for (right, wrong, told) in [
        (
            "bandwidth_gb_per_second",
            "bandwith_gb_per_second",
            "accelerators/mine.toml:7:1: unknown key `bandwith_gb_per_second`\n\
             did you mean `bandwidth_gb_per_second`?",
        ),
        ("= 2400", "= -2400", "accelerators/mine.toml:7:27: -2400 is not 0 or more"),
        (
            "\"2027-01\"",
            "\"2027-13\"",
            "accelerators/mine.toml:9:12: `2027-13` is not a date: write `2022-10-12`, `2022-10` or `2022`",
        ),
        (
            "source = \"https://example.com\"\n",
            "",
            "accelerators/mine.toml:1:1: no source given\n\
             write `source = \"…\"` with a link, a sentence, or a name from the file's `[sources]`",
        ),
        (
            "\"https://example.com\"",
            "\"\"",
            "accelerators/mine.toml:10:10: no source given\n\
             write `source = \"…\"` with a link, a sentence, or a name from the file's `[sources]`",
        ),
        (
            "\"https://example.com\"",
            "\"shet\"\n[sources]\nsheet = \"https://example.com\"",
            "accelerators/mine.toml:10:10: unknown source `shet`\ndid you mean `sheet`?",
        ),
        (
            "\"nvidia\"",
            "\"nvidea\"",
            "accelerators/mine.toml:4:10: unknown variant `nvidea`, expected one of `nvidia`, `amd`, `intel`, \
             `apple`, `other`",
        ),
        (
            "= 48",
            "= 48 GiB",
            "accelerators/mine.toml:6:14: string values must be quoted, expected literal string",
        ),
    ] {
        assert!(CARD.contains(right));
        assert_eq!(complaint("accelerators/mine.toml", &CARD.replacen(right, wrong, 1)), told);
    }
}

#[test]
fn an_id_stands_once_in_a_layer_and_an_alias_once_in_all() {
    assert_eq!(
        complaint("accelerators/mine.toml", &format!("{CARD}\n{CARD}")),
        "accelerators/mine.toml:13:6: `rtx-9090` is already taken by `rtx-9090` at accelerators/mine.toml:1\n\
         choose another name; only a later layer can change an entry"
    );
    let told = complaint(
        "accelerators/mine.toml",
        &CARD.replace("vendor", "aliases = [\"9090\", \"RTX 4090\"]\nvendor"),
    );
    let shipped = told.split(" at ").nth(1).and_then(|rest| rest.split('\n').next()).expect("a place");
    assert!(shipped.starts_with("catalog/accelerators/nvidia.toml:"), "{told}");
    assert!(
        told.starts_with("accelerators/mine.toml:4:20: `RTX 4090` is already taken by `rtx-4090` at "),
        "{told}"
    );
}

#[test]
fn wrong_models_are_told_what_cannot_be() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog/models/r1-distill-llama-8b.toml");
    let right = fs::read_to_string(path).expect("a model");
    let line = |key: &str| right.lines().position(|line| line.starts_with(key)).expect(key) + 1;
    for (key, from, to, told) in [
        ("layers", "layers = 32", "layers = 0", "must be at least one".to_owned()),
        (
            "kv_heads",
            "kv_heads = 8",
            "kv_heads = 7",
            "the number of query heads must be a multiple of the key/value heads".to_owned(),
        ),
        (
            "parameters",
            "parameters = 8_030_261_248",
            "parameters = 8_000_000_000",
            "8000000000 parameters do not match the architecture, which has 8030261248".to_owned(),
        ),
        (
            "aime24 ",
            "aime24 = { score = 50.4",
            "aime24 = { score = 504.0",
            "a percentage is between 0 and 100".to_owned(),
        ),
    ] {
        assert!(right.contains(from), "{from}");
        let complaint = complaint("models/mine.toml", &right.replacen(from, to, 1));
        let (place, rule) = complaint.split_once(": ").expect("a place");
        assert_eq!(rule, told);
        let expected = format!("models/mine.toml:{}:", line(key));
        assert!(place.starts_with(&expected), "{place}, not {expected}");
    }
    let hash = right.split("sha256 = \"").nth(1).and_then(|rest| rest.split('"').next()).expect("a hash");
    let complaint = complaint("models/mine.toml", &right.replacen(hash, &hash[1..], 1));
    assert!(complaint.ends_with(": a SHA-256 has 64 hexadecimal digits"), "{complaint}");
}

#[test]
fn files_that_nothing_reads_are_told() {
    assert_eq!(
        complaint("accelerator/mine.toml", CARD),
        "accelerator/mine.toml: not a catalog file\n\
         the catalog reads models/*.toml, accelerators/*.toml, quants.toml, cpus.toml, hosts.toml, machines.toml, \
         use-cases.toml, tasks.toml, calibration.toml, serving-calibration.toml, reference-shapes.toml, prices/api.toml, \
         prices/rental.toml, prices/machines.toml, prices/power.toml, prices/sites.toml, prices/currencies.toml, \
         abilities.toml, scores.toml, quant-losses.toml, i18n/*.toml"
    );
    let missing = Catalog::overlaid([Path::new("/nonexistent/catalog")]).expect_err("no folder");
    assert!(
        words(&missing).starts_with("could not read /nonexistent/catalog: no such file or directory\n"),
        "{missing}"
    );
}

/// The sentences that each language's folder has of the catalog, by their English.
fn translations() -> Vec<(String, BTreeMap<String, String>)> {
    let languages = Path::new(env!("CARGO_MANIFEST_DIR")).join("i18n");
    let files = fs::read_dir(languages).expect("a folder").flatten().filter_map(|language| {
        let text = fs::read_to_string(language.path().join("catalog.toml")).ok()?;
        let name = language.file_name().to_string_lossy().into_owned();
        Some((name, toml::from_str(&text).expect("a table of sentences")))
    });
    files.collect()
}

#[test]
fn every_sentence_of_the_catalog_is_known_in_each_language() {
    let catalog = catalog();
    let mut sentences: Vec<&str> = Vec::new();
    for model in catalog.models() {
        sentences.extend(model.licence.obligations.iter().chain(&model.sampling.advice).map(String::as_str));
        sentences.extend(model.context_note.as_deref());
        sentences.extend(model.benchmarks.values().filter_map(|score| score.note.as_deref()));
        sentences.extend(model.tokens_per_answer.iter().map(|answer| answer.task.as_str()));
        sentences.extend(model.corrections.iter().flat_map(|wrong| [&*wrong.claim, &*wrong.correction]));
    }
    for quant in catalog.quants() {
        sentences.push(&quant.loss.basis);
        sentences.extend(quant.measured_on.iter().map(|loss| loss.basis.as_str()));
    }
    sentences.extend(catalog.use_cases().iter().map(|use_case| use_case.description.as_str()));
    for (language, known) in translations() {
        for sentence in &sentences {
            let told = known.get(*sentence).is_some_and(|told| !told.is_empty());
            assert!(told, "not in i18n/{language}/catalog.toml: {sentence}");
        }
    }
}

#[test]
fn every_translated_sentence_is_one_of_the_catalog() {
    fn texts(folder: &Path, all: &mut String) {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                texts(&path, all);
            } else if path.extension().is_some_and(|end| end == "toml") {
                all.push_str(&fs::read_to_string(path).expect("a file"));
            }
        }
    }
    let mut all = String::new();
    texts(&Path::new(env!("CARGO_MANIFEST_DIR")).join("catalog"), &mut all);
    for (language, known) in translations() {
        for sentence in known.keys() {
            // A desktop is what cards stand in where no entry says otherwise.
            let is_known = all.contains(sentence.as_str()) || sentence == "desktop";
            assert!(is_known, "in i18n/{language}/catalog.toml alone: {sentence}");
        }
    }
}
