//! What a machine does for the needs: shared by comparisons and upgrades.

use super::recommend::{Detail, figures, lacks};
use super::{Column, Reader, digits, placement};
use crate::message;
use crate::message::{Message, Value, fixed};
use crate::recommend::Outlook;

/// The columns of a pick and, where a row of `rows` has none, of what comes nearest.
pub(super) fn columns<'a, Row: 'a>(
    rows: &[Row],
    reader: Reader,
    of: impl Fn(&Row) -> &Outlook<'a> + Copy + 'a,
) -> Vec<Column<'a, Row>> {
    let mut columns = vec![
        Column::left("target", message!(OutlookRuns), move |row: &Row| match of(row).pick() {
            Some(pick) => Value::from(pick.target()),
            None => message!(OutlookNothing).into(),
        })
        .for_people(),
        Column::plain("model", move |row: &Row| of(row).pick().map(|pick| pick.model.id.clone())),
        Column::plain("quant", move |row: &Row| of(row).pick().map(|pick| pick.quant.id.clone())),
    ];
    columns.extend(figures(Detail::Brief, move |row: &Row| of(row).pick()));
    if reader == Reader::Program || rows.iter().any(|row| of(row).pick().is_none()) {
        columns.push(Column::left("nearest", message!(OutlookNearest), move |row: &Row| {
            let nearest = of(row).nearest.as_ref().filter(|nearest| !nearest.meets_needs())?;
            Some(message!(OutlookNearestIs { target: nearest.target(), why: lacks(nearest) }))
        }));
    }
    columns
}

/// What a machine does, in a sentence.
pub(super) fn sentence(outlook: &Outlook<'_>) -> Message {
    let Some(pick) = outlook.pick() else {
        return match &outlook.nearest {
            Some(nearest) => message!(OutlookMisses { target: nearest.target(), why: lacks(nearest) }),
            None => message!(OutlookNothingMeets),
        };
    };
    let unknown = || Value::from(message!(RecommendUnknown));
    let rate = pick.decode.map_or_else(unknown, |decode| {
        let (low, high) = (digits(decode.interval.low), digits(decode.interval.high));
        message!(OutlookRate { rate: digits(decode.tokens_per_second), low, high }).into()
    });
    message!(OutlookPick {
        target: pick.target(),
        place: placement(pick.placement.kind),
        rate,
        time: pick.time_to_answer().map_or_else(unknown, Value::from),
        score: pick.score().map_or_else(unknown, |score| fixed(score, 1)),
    })
}
