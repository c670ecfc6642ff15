//! Needs files of `report`: its flags with `_` for `-`.

use std::path::Path;

use super::ReportArgs;
use crate::error::{Error, Exit, nearest};

/// Every need, with what it means; the first four must be stated.
pub(super) const TEMPLATE: &str = "\
# What an organisation needs of a served DeepSeek-R1: `r1-advisor report --needs needs.toml`.
# Lines that begin with `#` show what stands when they are left out. Shares are written as 0.15 for 15 %.

users = 1000                     # named users
requests_per_user_day = 20       # of each, on a working day
prompt_tokens = 1000             # of a prompt, with what is put before it
output_tokens = 2500             # of an answer, thinking included: R1 thinks for thousands

# model = \"671b\"                 # or 1.5b, 7b, 8b, 14b, 32b, 70b, 0528
# peak_hour_share = 0.15         # of a day's requests in the busiest hour
# burst = 1.3                    # how much busier its busiest minutes are
# cached_share = 0.0             # of prompts that were seen before
# growth = 0.0                   # of the load, a year
# working_days = 250             # of a year
# ttft_seconds = 3.0             # the longest wait for the first token, for 95 of 100
# tpot_seconds = 0.05            # the longest time between tokens, for 95 of 100
# spare = false                  # one machine more than is needed
# headroom = 0.8                 # of a replica's capacity that may be used at the peak
# privacy = \"open\"               # where data may go: open, rented, premises
# budget = 500000                # before the first token, in US dollars
# years = 3                      # that are reckoned with
# discount_rate = 0.08           # interest
# residual_share = 0.15          # what machines are worth at the end
# power_price = 0.10             # a kilowatt-hour, in US dollars
# pue = 1.3                      # what the place draws for each watt
# staff_fte = 0.3                # people who run the machines
# staff_cost = 150000            # of one full-time job, a year
# date = \"2026-11-25\"            # the day of the report
";

/// Reads the needs that a file states.
pub(super) fn load(path: &Path) -> Result<ReportArgs, Error> {
    let text = std::fs::read_to_string(path).map_err(|error| {
        Error::new(Exit::Input, &error)
            .hint(Some(format!("is `{}` there? `report --init` prints one to fill in", path.display())))
    })?;
    parse(&text).map_err(|wrong| {
        let place = format!("{}, line {}: {}", path.display(), wrong.line, wrong.message);
        Error::plain(Exit::Input, place).hint(Some(wrong.hint))
    })
}

/// What is wrong with a file.
#[derive(Debug, PartialEq, Eq)]
struct Wrong {
    /// Counted from 1.
    line: usize,
    message: String,
    hint: String,
}

fn parse(text: &str) -> Result<ReportArgs, Wrong> {
    toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start).min(text.len());
        let line = text.get(..at).unwrap_or_default().matches('\n').count() + 1;
        // serde puts the wrong name first and the known ones after it, each in backticks; it offers no other way.
        let mut names = error.message().split('`').skip(1).step_by(2);
        let wrong = names.next().unwrap_or_default();
        let unknown = error.message().starts_with("unknown");
        let near = if unknown { nearest(wrong, names) } else { None };
        Wrong {
            line,
            message: if unknown {
                format!("unknown key or value `{wrong}`")
            } else {
                error.message().lines().next().unwrap_or_default().to_owned()
            },
            hint: near.map_or_else(
                || "`r1-advisor report --init` prints every key".to_owned(),
                |near| format!("did you mean `{near}`?"),
            ),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_right_as_it_stands_and_with_every_line_in_force() {
        let plain = parse(TEMPLATE).unwrap();
        assert_eq!((plain.users, plain.output_tokens, plain.years), (Some(1000.0), Some(2500.0), None));
        let mut lines: Vec<String> = Vec::new();
        for line in TEMPLATE.lines().skip(2) {
            lines.push(line.strip_prefix("# ").unwrap_or(line).to_owned());
        }
        let all = parse(&lines.join("\n")).unwrap();
        assert_eq!((all.years, all.spare, all.pue), (Some(3), false, Some(1.3)));
        assert!(all.privacy.is_some() && all.date.is_some() && all.budget.is_some());
    }

    #[test]
    fn a_mistake_is_told_with_its_line_and_the_nearest_right_name() {
        let wrong = parse("users = 10\noutput_token = 5\n").unwrap_err();
        assert_eq!((wrong.line, wrong.message.as_str()), (2, "unknown key or value `output_token`"));
        assert_eq!(wrong.hint, "did you mean `output_tokens`?");
        let wrong = parse("users = 10\n\nprivacy = \"premisses\"\n").unwrap_err();
        assert_eq!((wrong.line, wrong.hint.as_str()), (3, "did you mean `premises`?"));
        let wrong = parse("users = \"many\"\n").unwrap_err();
        assert_eq!(wrong.line, 1);
    }
}
