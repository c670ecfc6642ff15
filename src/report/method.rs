use super::document::Report;
use super::needs::{Privacy, ReportNeeds};

impl Report {
    /// The command that writes this document again, with every value spelled out.
    #[must_use]
    pub fn command(&self) -> String {
        let needs: &ReportNeeds = &self.needs;
        let numbers = [
            ("users", needs.users.value),
            ("requests-per-user-day", needs.requests_per_user_day.value),
            ("prompt-tokens", needs.prompt_tokens.value),
            ("output-tokens", needs.output_tokens.value),
            ("peak-hour-share", needs.peak_hour_share.value),
            ("burst", needs.burst.value),
            ("cached-share", needs.cached_share.value),
            ("growth", needs.growth.value),
            ("working-days", needs.working_days.value),
            ("min-decode", 1.0 / needs.tpot_seconds.value),
            ("headroom", needs.headroom.value),
            ("discount-rate", needs.discount_rate.value),
            ("residual-share", needs.residual_share.value),
            ("power-price", needs.usd_per_kwh.value.0),
            ("pue", needs.pue.value),
            ("staff-fte", needs.staff_fte.value),
            ("staff-cost", needs.staff_cost.value.0),
            ("years", f64::from(needs.years.value)),
        ];
        let privacy = match needs.privacy.value {
            Privacy::Open => "open",
            Privacy::Rented => "rented",
            Privacy::Premises => "premises",
        };
        let mut flags = vec![
            format!("--date {}", self.date),
            format!("--use-case {}", needs.use_case.value),
            format!("--model {}", needs.model.value),
            format!("--max-ttft {}s", needs.ttft_seconds.value),
            format!("--privacy {privacy}"),
        ];
        flags.extend(numbers.map(|(flag, value)| format!("--{flag} {value}")));
        let quoted = |text: &str| if text.contains(' ') { format!("'{text}'") } else { text.to_owned() };
        flags.extend(
            needs.availability.value.map(|share| format!("--availability {}%", (share * 1e8).round() / 1e6)),
        );
        flags.extend(needs.vendors.value.iter().map(|name| format!("--vendors {}", quoted(name))));
        flags.extend(needs.region.value.iter().map(|region| format!("--region {}", quoted(region))));
        let folder = &needs.inventory.value.folder;
        flags.extend((!folder.is_empty()).then(|| format!("--inventory {}", quoted(folder))));
        flags.extend(needs.prices.value.iter().map(|file| format!("--prices {}", quoted(file))));
        flags.extend(needs.measured_in.value.iter().map(|file| format!("--measured {}", quoted(file))));
        let currency = &needs.currency.value;
        if currency.code != "USD" {
            flags.push(format!("--currency {}={}@{}", currency.code, currency.per_usd, currency.date));
        }
        flags.extend(needs.budget.value.map(|budget| format!("--budget {}", budget.0)));
        flags.extend(needs.spare.value.then(|| "--spare".to_owned()));
        format!("r1-advisor report {}", flags.join(" "))
    }
}
