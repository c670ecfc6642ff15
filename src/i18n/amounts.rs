//! Amounts as they stand in a text.

use super::Locale;
use crate::message::messages::LANGUAGES;
use crate::message::{Joint, Value};
use crate::say;
use crate::units::{Seconds, UsdPerMillionTokens};

impl Locale {
    pub(super) fn amount(&self, value: &Value) -> String {
        match value {
            Value::Text(text) => text.clone(),
            Value::Fact(english) => {
                let own = self.sentences.get(english).map(String::as_str);
                own.or_else(|| LANGUAGES[self.lang.0].fact(english)).unwrap_or(english).to_owned()
            }
            Value::Count(count) => count.to_string(),
            Value::Grouped(number) => {
                format!(
                    "{}{}",
                    if *number < 0 { "-" } else { "" },
                    grouped(&number.unsigned_abs().to_string())
                )
            }
            Value::Fixed(number, decimals) => format!("{number:.decimals$}"),
            Value::Percent(share, decimals) => {
                say!(self, UnitPercent { number: format!("{:.decimals$}", share * 100.0) })
            }
            Value::Bytes(bytes) => bytes.to_string(),
            Value::FileSize(bytes) => bytes.decimal().to_string(),
            Value::TokenRate(rate) => rate.to_string(),
            Value::Bandwidth(bandwidth) => bandwidth.to_string(),
            Value::Flops(flops) => flops.to_string(),
            Value::Seconds(span) => self.span(*span),
            Value::Joules(joules) => format!("{:.1} J", joules.0),
            Value::Usd(amount) => {
                format!("{}{}", if amount.0 < 0.0 { "-" } else { "" }, self.money(amount.0.abs()))
            }
            Value::UsdPerHour(price) => format!("{}/h", self.money(price.0)),
            Value::UsdPerMillionTokens(price) => format!("{}/M", self.money(price.0)),
            Value::Quoted(price) => self.quoted(*price),
            Value::Date(date) => date.to_string(),
            Value::Message(message) => self.say(message),
            Value::List(joint, items) => self.list(*joint, items),
        }
    }

    /// As a person says it: `350 ms`, `4.2 s`, `1 min 40 s`, `2 h 05 min`.
    fn span(&self, span: Seconds) -> String {
        let plain = |number: f64| format!("{number:.0}");
        match span.0 {
            s if !s.is_finite() => say!(self, TimeNever),
            s if s < 0.9995 => say!(self, TimeMilliseconds { number: plain(s * 1e3) }),
            s if s < 9.95 => say!(self, TimeSeconds { number: format!("{s:.1}") }),
            s if s < 99.5 => say!(self, TimeSeconds { number: plain(s) }),
            s if s < 599.5 => {
                let seconds = (s / 5.0).round() * 5.0;
                let (minutes, rest) = ((seconds / 60.0).floor(), seconds % 60.0);
                if rest > 0.0 {
                    say!(self, TimeMinutesSeconds { minutes: plain(minutes), seconds: plain(rest) })
                } else {
                    say!(self, TimeMinutes { number: plain(minutes) })
                }
            }
            s if s < 99.5 * 60.0 => say!(self, TimeMinutes { number: plain(s / 60.0) }),
            s if s < 48.0 * 3600.0 => {
                let minutes = (s / 60.0).round();
                let (hours, minutes) = ((minutes / 60.0).floor(), minutes % 60.0);
                say!(self, TimeHoursMinutes { hours: plain(hours), minutes: format!("{minutes:02.0}") })
            }
            s => say!(self, TimeDays { number: plain(s / 86400.0) }),
        }
    }

    /// An amount with its mark: `$181,200`, `¥1,290,144`; with cents where it is below a hundred.
    fn money(&self, usd: f64) -> String {
        let amount = usd * self.currency.per_usd;
        let symbol = &self.currency.symbol;
        if amount < 99.995 {
            return format!("{symbol}{amount:.2}");
        }
        format!("{symbol}{}", grouped(&format!("{amount:.0}")))
    }

    fn quoted(&self, price: UsdPerMillionTokens) -> String {
        let cents = price.0 * 100.0;
        // In another currency no price is a round one.
        let is_round =
            (cents.round() - cents).abs() < 1e-6 || (self.currency.per_usd - 1.0).abs() > f64::EPSILON;
        if is_round {
            return format!("{}/M", self.money(price.0));
        }
        format!("{}{}/M", self.currency.symbol, (price.0 * 1e4).round() / 1e4)
    }

    fn list(&self, joint: Joint, items: &[Value]) -> String {
        let items: Vec<String> = items.iter().map(|item| self.amount(item)).collect();
        let comma = || say!(self, ListComma);
        let last = match joint {
            Joint::Comma => return items.join(&comma()),
            Joint::Phrase => return items.join(&say!(self, ListPhrase)),
            Joint::Semicolon => return items.join(&say!(self, ListSemicolon)),
            Joint::And => say!(self, ListAnd),
            Joint::Or => say!(self, ListOr),
        };
        match items.split_last() {
            Some((end, rest)) if !rest.is_empty() => format!("{}{last}{end}", rest.join(&comma())),
            _ => items.concat(),
        }
    }
}

/// Digits with commas between the thousands.
fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::super::{Currency, Lang, Locale};
    use crate::message::{grouped, percent, quoted};
    use crate::units::{Seconds, Usd, UsdPerHour, UsdPerMillionTokens};

    #[test]
    fn spans_read_as_a_person_says_them_in_each_language() {
        let (english, chinese) = (Locale::default(), Locale::new(Lang::of_locale("zh_CN")));
        for (seconds, en, zh) in [
            (0.35, "350 ms", "350 毫秒"),
            (4.21, "4.2 s", "4.2 秒"),
            (250.0, "4 min 10 s", "4 分 10 秒"),
            (179.0, "3 min", "3 分钟"),
            (599.0, "10 min", "10 分钟"),
            (3175.0, "53 min", "53 分钟"),
            (7500.0, "2 h 05 min", "2 小时 05 分"),
            (864_000.0, "10 days", "10 天"),
            (f64::INFINITY, "never", "无法完成"),
        ] {
            assert_eq!(english.show(Seconds(seconds)), en);
            assert_eq!(chinese.show(Seconds(seconds)), zh);
        }
    }

    #[test]
    fn money_reads_as_on_an_invoice_in_the_currency_of_the_reader() {
        let dollars = Locale::default();
        assert_eq!(dollars.show(Usd(350_000.4)), "$350,000");
        assert_eq!(dollars.show(Usd(-1_234_567.0)), "-$1,234,567");
        assert_eq!(dollars.show(Usd(2.587)), "$2.59");
        assert_eq!(dollars.show(quoted(UsdPerMillionTokens(0.2288))), "$0.2288/M");
        assert_eq!(dollars.show(quoted(UsdPerMillionTokens(0.3))), "$0.30/M");
        let yuan = dollars.paying_in(Currency { symbol: "¥".to_owned(), per_usd: 7.12 });
        assert_eq!([yuan.show(Usd(-1_000.0)), yuan.show(UsdPerHour(2.0))], ["-¥7,120", "¥14.24/h"]);
    }

    #[test]
    fn counts_and_shares_follow_the_language() {
        assert_eq!(Locale::default().show(grouped(1_234_567)), "1,234,567");
        assert_eq!(Locale::default().show(percent(0.125, 1)), "12.5 %");
        assert_eq!(Locale::new(Lang::of_locale("zh")).show(percent(0.125, 0)), "12%");
    }
}
