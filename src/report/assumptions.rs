use serde::Serialize;

use super::costed::{BUSY_SHARE, INSTALL_SHARE, NETWORK_SHARE, SERVICES_SHARE, SPARES_SHARE, SUPPORT_SHARE};
use super::limits;
use super::measured::MeasurementUse;
use super::needs::{Origin, Privacy, ReportNeeds};
use super::option::PlanOption;
use super::phrase::milliseconds;
use super::plan::Site;
use crate::calibration::ServingSpread;
use crate::catalog::{Confidence, ServingCalibration};
use crate::message;
use crate::message::{Message, Value, fact, fixed, list, percent};
use crate::units::Seconds;

/// A figure that the document rests on.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Assumption {
    /// What.
    pub what: Message,
    /// How much.
    pub value: Message,
    /// Where it comes from.
    pub source: Message,
    /// The same of what is a need: whether somebody gave it.
    pub origin: Option<Origin>,
    /// How far it is to be believed; what the user gave is not judged.
    pub confidence: Option<Confidence>,
}

impl Assumption {
    fn figure(what: impl Into<Message>, value: impl Into<Value>, source: Message) -> Self {
        let value = {
            let value: Value = value.into();
            message!(ReportValue { value })
        };
        Self { what: what.into(), value, source, origin: None, confidence: None }
    }
}

/// Every figure, with where it comes from.
pub(super) fn assumptions(
    site: &Site<'_>,
    options: &[PlanOption],
    measurements: &[MeasurementUse],
    calibration: &ServingCalibration,
) -> Vec<Assumption> {
    let mut all = needed(site);
    all.extend(measurements.iter().map(measured));
    let mut seen = Vec::new();
    for price in options.iter().flat_map(|option| &option.prices) {
        if seen.contains(&(&price.of, price.price)) {
            continue;
        }
        seen.push((&price.of, price.price));
        let (source, date) = (fact(&price.source), price.day());
        let source = if price.is_stale {
            message!(ReportSourceOld { source, date })
        } else {
            message!(ReportSource { source, date })
        };
        all.push(Assumption {
            confidence: Some(price.confidence),
            ..Assumption::figure(message!(ReportValue { value: &price.of }), price.price, source)
        });
    }
    all.push(spread(message!(ReportSpreadTpot), calibration.spreads[0].deployed));
    all.push(spread(message!(ReportSpreadThroughput), calibration.spreads[1].deployed));
    all.extend(guides());
    all
}

/// A measurement, and how it lies to what was predicted.
fn measured(measurement: &MeasurementUse) -> Assumption {
    let MeasurementUse { source, date, of, in_flight: [least, most], .. } = measurement;
    let times = |ratio: f64| format!("× {ratio:.2}");
    let decode = measurement.decode_over_predicted.map(|[low, high]| {
        let ratio =
            if high / low < 1.01 { times(low) } else { format!("{} – {}", times(low), times(high)) };
        message!(ReportMeasuredDecode { ratio })
    });
    let prefill = measurement
        .prefill_over_predicted
        .map(|ratio| message!(ReportMeasuredPrefill { ratio: times(ratio) }));
    let unused = measurement.options.is_empty().then(|| message!(ReportMeasuredUnused));
    let said: Vec<Message> = decode.into_iter().chain(prefill).chain(unused).collect();
    let flight =
        if most / least < 1.01 { format!("{least:.0}") } else { format!("{least:.0} – {most:.0}") };
    let value = if said.is_empty() { message!(ReportMeasuredAsIs).into() } else { list(&said) };
    Assumption::figure(
        message!(ReportMeasuredSpeed { of, flight }),
        value,
        message!(ReportMeasuredOn { date, source }),
    )
}

/// What the needs say.
fn needed(site: &Site<'_>) -> Vec<Assumption> {
    let needs = site.needs;
    let mut all = Vec::new();
    let mut add = |what: Message, value: Value, origin: Origin| {
        let source = origin.message();
        all.push(Assumption { origin: Some(origin), ..Assumption::figure(what, value, source) });
    };
    let whole = |number: f64| fixed(number, 0);
    let share = |share: f64| percent(share, 0);
    let id = &needs.use_case.value;
    let purpose = match site.catalog.use_case(id) {
        Ok(use_case) => message!(ReportUseCase { id, description: fact(&use_case.description) }),
        Err(_) => Message::verbatim(id),
    };
    add(message!(ReportNeedUseCase), purpose.into(), needs.use_case.origin);
    add(message!(ReportNeedModel), (&needs.model.value).into(), needs.model.origin);
    add(message!(ReportNeedUsers), whole(needs.users.value), needs.users.origin);
    let requests = needs.requests_per_user_day;
    add(message!(ReportNeedRequests), requests.value.to_string().into(), requests.origin);
    add(message!(ReportNeedPrompt), whole(needs.prompt_tokens.value), needs.prompt_tokens.origin);
    add(message!(ReportNeedAnswer), whole(needs.output_tokens.value), needs.output_tokens.origin);
    add(message!(ReportNeedPeakHour), share(needs.peak_hour_share.value), needs.peak_hour_share.origin);
    add(message!(ReportNeedBurst), format!("× {}", needs.burst.value).into(), needs.burst.origin);
    add(message!(ReportNeedCached), share(needs.cached_share.value), needs.cached_share.origin);
    add(message!(ReportNeedGrowth), share(needs.growth.value), needs.growth.origin);
    add(message!(ReportNeedWorkingDays), whole(needs.working_days.value), needs.working_days.origin);
    add(message!(ReportNeedTtft), Seconds(needs.ttft_seconds.value).into(), needs.ttft_seconds.origin);
    let tpot = milliseconds(Seconds(needs.tpot_seconds.value));
    add(message!(ReportNeedTpot), tpot, needs.tpot_seconds.origin);
    add(message!(ReportNeedHeadroom), share(needs.headroom.value), needs.headroom.origin);
    add(message!(ReportNeedSpare), spare(needs).into(), needs.spare.origin);
    add(message!(ReportNeedPrivacy), needs.privacy.value.message().into(), needs.privacy.origin);
    let budget = needs.budget.value.map_or_else(|| message!(ReportNoLimit).into(), Value::from);
    add(message!(ReportNeedBudget), budget, needs.budget.origin);
    add(message!(ReportNeedYears), needs.years.value.into(), needs.years.origin);
    add(message!(ReportNeedDiscount), share(needs.discount_rate.value), needs.discount_rate.origin);
    add(message!(ReportNeedResidual), share(needs.residual_share.value), needs.residual_share.origin);
    add(message!(ReportNeedPower), needs.usd_per_kwh.value.into(), needs.usd_per_kwh.origin);
    add(message!(ReportDriverPue), needs.pue.value.to_string().into(), needs.pue.origin);
    let staff = message!(ReportFullTime { share: needs.staff_fte.value.to_string() });
    add(message!(ReportNeedStaff), staff.into(), needs.staff_fte.origin);
    add(message!(ReportNeedStaffCost), needs.staff_cost.value.into(), needs.staff_cost.origin);
    for (what, value, origin) in limits::assumed(needs) {
        add(what, value, origin);
    }
    all
}

fn spare(needs: &ReportNeeds) -> Message {
    match (needs.spare.value, needs.availability.value) {
        (true, _) => message!(ReportYes),
        (false, Some(_)) => message!(ReportSpareByAvailability),
        (false, None) => message!(ReportNo),
    }
}

impl Origin {
    /// As the table of assumptions has it.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::Given => message!(ReportOriginGiven),
            Self::Derived => message!(ReportOriginDerived),
            Self::Default => message!(ReportOriginDefault),
        }
    }
}

impl Privacy {
    /// Where data may go.
    #[must_use]
    pub fn message(self) -> Message {
        match self {
            Self::Open => message!(ReportPrivacyOpen),
            Self::Rented => message!(ReportPrivacyRented),
            Self::Premises => message!(ReportPrivacyPremises),
        }
    }
}

/// How far measurements lay from predictions.
fn spread(what: Message, spread: ServingSpread) -> Assumption {
    let value = message!(ReportSpread { low: fixed(spread.low, 2), high: fixed(spread.high, 2) });
    Assumption::figure(what, value, message!(ReportSpreadSource { count: spread.measurements }))
}

/// Shares that public guides state.
fn guides() -> [Assumption; 4] {
    let share = |share: f64| percent(share, 0);
    let around = [NETWORK_SHARE, INSTALL_SHARE, SPARES_SHARE].map(share);
    [
        Assumption::figure(
            message!(ReportGuideAround),
            crate::message::enumeration(around),
            middle_of_guides(),
        ),
        Assumption::figure(message!(ReportGuideSupport), share(SUPPORT_SHARE), middle_of_guides()),
        Assumption::figure(
            message!(ReportGuideServices),
            share(SERVICES_SHARE),
            message!(ReportGuideLowerEnd),
        ),
        Assumption::figure(message!(ReportGuideBusy), share(BUSY_SHARE), message!(ReportGuideBusySource)),
    ]
}

/// Where the middle was taken of what several guides say.
pub(super) fn middle_of_guides() -> Message {
    message!(ReportGuideMiddle)
}
