use jiff::civil::Date;

/// A price that is older than this is shown with a warning.
pub const STALE_AFTER_DAYS: i32 = 90;

/// Whether a price of `date` (a day, a month or a year, as exactly as it is known) may be older than 90 days on
/// `today`. What is no date is stale.
#[must_use]
pub fn is_stale(date: &str, today: Date) -> bool {
    let Some(oldest) = oldest(date) else { return true };
    today.since(oldest).map_or(true, |age| age.get_days() > STALE_AFTER_DAYS)
}

/// The first day that a date may mean.
pub(in crate::catalog) fn oldest(date: &str) -> Option<Date> {
    let whole = match date.len() {
        4 => format!("{date}-01-01"),
        7 => format!("{date}-01"),
        _ => date.to_owned(),
    };
    whole.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_price_is_stale_after_ninety_days() {
        let today: Date = "2026-11-25".parse().unwrap();
        for (date, stale) in [
            ("2026-11-25", false),
            ("2026-08-27", false),
            ("2026-08-26", true),
            ("2026-10", false),
            ("2026-08", true),
            ("2026", true),
            ("2027-01-01", false),
            ("last week", true),
        ] {
            assert_eq!(is_stale(date, today), stale, "{date}");
        }
    }
}
