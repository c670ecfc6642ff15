//! The acceptance test: lines of this program's `bench` that measure what was promised, each with what it must show.

use serde::Serialize;

use super::document::Report;
use super::launch::{LaunchFile, PORT, Script, word};
use super::needs::ReportNeeds;
use super::study::Candidate;
use super::way::Way;
use crate::bench::served::Workload;
use crate::capacity::Lengths;
use crate::message;
use crate::message::{Message, fixed};

/// A measurement, and when it is passed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AcceptanceLine {
    /// What must be done first.
    pub before: Option<Message>,
    /// The command.
    pub command: String,
    /// What it must show.
    pub pass: Message,
}

/// The share of promised throughput that must be there: a test is a sample.
const THROUGHPUT_SHARE: f64 = 0.9;

/// How long the peak is held.
const PEAK_SECONDS: f64 = 900.0;

/// What is promised, as lines that measure it.
pub(super) fn acceptance(candidate: &Candidate<'_>, needs: &ReportNeeds) -> Vec<AcceptanceLine> {
    let peak = needs.people().peak_rate();
    let output = THROUGHPUT_SHARE * peak * needs.output_tokens.value;
    let (ttft, tpot) = (needs.ttft_seconds.value, needs.tpot_seconds.value * 1e3);
    let (on, lengths) = (target(candidate), lengths(needs));
    let promise = format!("--slo-ttft {ttft}s --slo-tpot {tpot:.1}ms --slo-share 0.95");
    let requests = (peak * PEAK_SECONDS).clamp(200.0, 5000.0);
    let at_peak = format!("{on} --rate {peak:.4} --requests {requests:.0} {lengths} {promise}");
    let promised = || {
        message!(ReportPassPromise {
            ttft: ttft.to_string(),
            tpot: fixed(tpot, 0),
            goodput: fixed(0.95 * peak, 3),
            output: fixed(output, 0),
        })
    };
    let mut lines = vec![AcceptanceLine {
        before: None,
        command: at_peak.clone(),
        pass: message!(ReportPassPeak { promise: promised() }),
    }];
    let Some(deployment) = candidate.option.deployment() else { return lines };
    let users = users(peak / deployment.requests_per_second.max(1e-9) * deployment.in_flight);
    let requests = (f64::from(users) * 5.0).clamp(100.0, 5000.0);
    lines.push(AcceptanceLine {
        before: None,
        command: format!(
            "{on} --concurrency {users} --requests {requests:.0} {lengths} --slo-tpot {tpot:.1}ms --slo-share 0.95"
        ),
        pass: message!(ReportPassInFlight { users, tpot: fixed(tpot, 0) }),
    });
    let carried = deployment.requests_per_second * f64::from(deployment.replicas);
    let has_spare = deployment.gpus > deployment.replicas * deployment.gpus_per_replica;
    let is_spared = (needs.spare.value || needs.availability.value.is_some()) && has_spare;
    let requests = (carried * PEAK_SECONDS / 3.0).clamp(100.0, 2000.0);
    lines.push(AcceptanceLine {
        before: is_spared.then(|| message!(ReportPassSparesOff)),
        command: format!(
            "{on} --sweep rate --sweep-most {:.4} --requests {requests:.0} {lengths} {promise}",
            carried * 2.0
        ),
        pass: message!(ReportPassRate { least: fixed(THROUGHPUT_SHARE * carried, 3) }),
    });
    if is_spared {
        lines.push(AcceptanceLine {
            before: Some(message!(ReportPassOneOff)),
            command: at_peak,
            pass: message!(ReportPassPeakWithout { promise: promised() }),
        });
    }
    lines
}

/// The server, and the model's name there.
fn target(candidate: &Candidate<'_>) -> String {
    match candidate.way {
        // An API's own name of a model may have spaces in it.
        Way::Call { price, .. } => format!(
            "r1-advisor bench --endpoint https://HOST/v1 --api-key-env API_KEY --model {}",
            word(&price.offered_as)
        ),
        _ => format!("r1-advisor bench --endpoint http://HOST:{PORT}/v1 --model {}", candidate.option.model),
    }
}

/// Lengths as the plan has them, which is told of means; `bench` is told of the middle ones.
fn lengths(needs: &ReportNeeds) -> String {
    let spread = Lengths::REASONING_SIGMA;
    format!(
        "--prompt-tokens {} --output-tokens {} --spread {spread} --warm-up 8 --seed 1",
        Workload::typical(needs.prompt_tokens.value, spread),
        Workload::typical(needs.output_tokens.value, spread),
    )
}

/// As many as `bench` takes at once.
#[expect(clippy::cast_sign_loss, reason = "a count of requests is not negative")]
fn users(in_flight: f64) -> u32 {
    in_flight.ceil().clamp(1.0, 4096.0) as u32
}

impl Report {
    /// All that starts what was chosen and checks it, as files.
    #[must_use]
    pub fn launch_folder(&self) -> Vec<LaunchFile> {
        let test = (!self.acceptance.is_empty()).then(|| LaunchFile {
            name: "acceptance.sh",
            what: message!(ReportLaunchAcceptance),
            script: script(&self.acceptance),
        });
        self.launch.iter().cloned().chain(test).collect()
    }
}

/// The lines one after the other; the first that is not passed ends it.
fn script(lines: &[AcceptanceLine]) -> Script {
    let mut script = Script::shell();
    let command = format!("ENDPOINT=http://HOST:{PORT}/v1 sh acceptance.sh");
    script.comment(message!(ReportLaunchFromAnother { command }));
    script.line("set -eu");
    script.line("ENDPOINT=\"${ENDPOINT:?the address of the server, up to /v1}\"");
    for AcceptanceLine { before, command, pass } in lines {
        script.line("");
        if let Some(before) = before {
            script.comment(before.clone());
            script.line("printf 'Done? '; read -r _");
        }
        script.comment(pass.clone());
        let words = command.split(' ').scan(false, |is_address, word| {
            let shown = if *is_address { "\"$ENDPOINT\"" } else { word };
            *is_address = word == "--endpoint";
            Some(shown)
        });
        script.line(&words.collect::<Vec<_>>().join(" "));
    }
    script
}
