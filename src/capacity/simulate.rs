//! Requests that arrive at an engine, one after the other or all at once, and what each of them waits: a
//! discrete-event simulation of continuous batching.
//!
//! Between events the batch stays as it is, so that many steps are taken at once.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use fastrand::Rng;

use super::length::pause;
use super::step_time::{Prefilled, StepParts};
use super::{Admission, Deployment, Lengths, Prompts, StepTime};
use crate::calibration::ServingConstants;
use crate::units::{Seconds, TokenRate};

/// What is asked of an engine.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// Mean length of prompts that must be prefilled, in tokens.
    pub prompt_tokens: f64,
    /// Mean length of answers, thinking included, in tokens.
    pub output_tokens: f64,
    /// How the lengths of prompts spread.
    pub prompts: Lengths,
    /// How those of answers do.
    pub answers: Lengths,
    /// When requests come.
    pub arrivals: Arrivals,
    /// What random numbers start from: the same workload gives the same result.
    pub seed: u64,
}

/// When requests come.
#[derive(Clone, Debug, PartialEq)]
pub enum Arrivals {
    /// So many, all at once.
    AtOnce(u32),
    /// So many are held in flight: one that ends is followed by another.
    Held {
        /// In flight.
        concurrency: u32,
        /// In all.
        requests: u32,
    },
    /// By themselves, at a rate that may change from stretch to stretch.
    Poisson {
        /// Requests a second in each stretch.
        rates: Vec<f64>,
        /// How long a stretch is.
        stretch: Seconds,
    },
}

/// What came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Served {
    /// Waits for the first token, in the order of their length, in seconds.
    pub ttft: Vec<f32>,
    /// Times between tokens, each the mean of an answer, in the order of their length, in seconds.
    pub tpot: Vec<f32>,
    /// From the first request to the last token.
    pub elapsed: Seconds,
    /// Tokens that were answered with.
    pub output_tokens: f64,
    /// How many answers met both promises that `simulate` was given.
    pub kept: u32,
    /// Answers that were thrown out of a full cache and computed again.
    pub preempted: u32,
}

impl Served {
    /// Answered tokens a second.
    #[must_use]
    pub fn throughput(&self) -> TokenRate {
        TokenRate::of(self.output_tokens, self.elapsed)
    }

    /// The wait for the first token that a share of requests does not exceed.
    #[must_use]
    pub fn ttft_at(&self, share: f64) -> Seconds {
        percentile(&self.ttft, share)
    }

    /// The time between tokens that a share of requests does not exceed.
    #[must_use]
    pub fn tpot_at(&self, share: f64) -> Seconds {
        percentile(&self.tpot, share)
    }

    /// The mean wait for the first token.
    #[must_use]
    pub fn mean_ttft(&self) -> Seconds {
        Seconds(self.ttft.iter().map(|time| f64::from(*time)).sum::<f64>() / self.ttft.len().max(1) as f64)
    }

    /// The mean time between tokens.
    #[must_use]
    pub fn mean_tpot(&self) -> Seconds {
        Seconds(self.tpot.iter().map(|time| f64::from(*time)).sum::<f64>() / self.tpot.len().max(1) as f64)
    }

    /// Requests in flight on average, where they came at `rate` a second: by Little's law.
    #[must_use]
    pub fn in_flight(&self, rate: f64) -> f64 {
        let mean = |times: &[f32]| {
            times.iter().map(|time| f64::from(*time)).sum::<f64>() / times.len().max(1) as f64
        };
        let answer = self.output_tokens / self.tpot.len().max(1) as f64;
        rate * (mean(&self.ttft) + mean(&self.tpot) * answer)
    }

    /// The share of requests that met both promises.
    #[must_use]
    pub fn goodput_share(&self) -> f64 {
        f64::from(self.kept) / self.tpot.len().max(1) as f64
    }
}

fn percentile(sorted: &[f32], share: f64) -> Seconds {
    Seconds(sorted.get(percentile_index(sorted.len(), share) - 1).map_or(f64::NAN, |time| f64::from(*time)))
}

/// How many of `count` a share of them is, at least one.
#[expect(clippy::cast_sign_loss, reason = "a share of a length is not negative")]
fn percentile_index(count: usize, share: f64) -> usize {
    ((share * count as f64).ceil() as usize).clamp(1, count.max(1))
}

/// One request on its way.
#[derive(Clone, Copy, Debug)]
struct Request {
    arrived: f64,
    first_token: Option<f64>,
    /// What must be in the cache before it goes on: the prompt, and what was answered before it was thrown out.
    prompt: f64,
    /// What is still to be answered.
    left: f64,
    /// All of the answer.
    output: f64,
    /// The count of steps at which it began, and at which it will end.
    begun: f64,
    ends: f64,
}

/// A request before it comes: the pause before it at one a second, its prompt and its answer in tokens.
#[derive(Clone, Copy, Debug)]
struct Asked {
    pause: f64,
    prompt: f64,
    output: f64,
}

/// A replica under one kind of request at any steady rate. What a rate shares with every other is made once: the
/// requests, whose pauses alone differ, and the time of a step by the batch.
pub(super) struct Replica<'a> {
    deployment: &'a Deployment,
    step: StepTime,
    workload: Workload,
    asked: Vec<Asked>,
    table: StepTable,
}

impl<'a> Replica<'a> {
    /// `workload` comes at one request a second.
    pub(super) fn new(deployment: &'a Deployment, step: StepTime, workload: Workload) -> Self {
        let mut random = Rng::with_seed(workload.seed);
        let mut asked = Vec::new();
        if let Arrivals::Poisson { stretch, .. } = &workload.arrivals {
            let mut now = 0.0;
            loop {
                let pause = pause(1.0, &mut random);
                now += pause;
                if now >= stretch.0 {
                    break;
                }
                let prompt = workload.prompts.draw(workload.prompt_tokens, &mut random);
                let output = workload.answers.draw(workload.output_tokens, &mut random);
                asked.push(Asked { pause, prompt, output });
            }
        }
        Self { deployment, step, workload, asked, table: StepTable::default() }
    }

    /// What comes of `rate` requests a second; `None` where the weights do not fit.
    pub(super) fn at(&mut self, rate: f64) -> Option<Served> {
        let never = (Seconds(f64::INFINITY), Seconds(f64::INFINITY));
        let mut engine = self.engine(rate, never)?;
        engine.replay(usize::MAX);
        let (table, served) = engine.done();
        self.table = table;
        Some(served)
    }

    /// Whether `share` of the requests meet `promise` at `rate`, which is mostly known before all are answered.
    pub(super) fn keeps(&mut self, rate: f64, promise: (Seconds, Seconds), share: f64) -> Option<bool> {
        let count = self.asked.len();
        let allowed = count - percentile_index(count, share);
        let mut engine = self.engine(rate, promise)?;
        let kept = engine.replay(allowed);
        self.table = engine.done().0;
        Some(kept)
    }

    fn engine(&mut self, rate: f64, promise: (Seconds, Seconds)) -> Option<Engine<'_>> {
        let table = std::mem::take(&mut self.table);
        let mut engine = Engine::new(self.deployment, self.step.clone(), &self.workload, promise, table)?;
        let mut now = 0.0;
        for one in &self.asked {
            now += one.pause / rate.max(1e-9);
            engine.come(now, one.prompt, one.output);
        }
        Some(engine)
    }
}

/// What a step costs by its batch apart from the cache: found once for each batch, for it takes a power.
#[derive(Clone, Debug, Default)]
struct StepTable(Vec<Option<StepParts>>);

impl StepTable {
    fn decode(&mut self, step: &StepTime, batch: usize, cached: f64) -> f64 {
        if self.0.len() <= batch {
            self.0.resize(batch + 1, None);
        }
        self.0[batch].get_or_insert_with(|| step.parts(batch as f64)).with(cached).0
    }
}

/// Runs `workload` on `deployment`; `None` where the weights do not fit. `promise` is the longest wait for the first
/// token and the longest time between tokens that meet it.
#[must_use]
pub fn simulate(
    deployment: &Deployment,
    constants: &ServingConstants,
    workload: &Workload,
    promise: (Seconds, Seconds),
) -> Option<Served> {
    let step = deployment.step_time(constants);
    let mut engine = Engine::new(deployment, step, workload, promise, StepTable::default())?;
    engine.run();
    Some(engine.done().1)
}

/// A finish on the clock of steps, as a key whose order is that of the number.
fn key(steps: f64) -> u64 {
    steps.to_bits()
}

struct Engine<'a> {
    step: StepTime,
    table: StepTable,
    admission: Admission,
    prompts: Prompts,
    most: usize,
    chunk: f64,
    room: f64,
    workload: &'a Workload,
    promise: (Seconds, Seconds),
    random: Rng,
    now: f64,
    /// Tokens that a sequence which was there all the time would have answered with.
    steps: f64,
    /// Tokens in the cache, of those being prefilled, and set aside.
    cached: f64,
    pending: f64,
    reserved: f64,
    requests: Vec<Request>,
    /// Requests on their way through the API server, with when they are through.
    coming: VecDeque<(f64, usize)>,
    /// When the API server is through with all of them.
    front: f64,
    /// What the last step took.
    last_step: f64,
    waiting: VecDeque<usize>,
    /// A request and what of its prompt is left.
    prefilling: VecDeque<(usize, f64)>,
    running: BinaryHeap<Reverse<(u64, usize)>>,
    /// Those that run, the newest last; those that ended are still in it.
    newest: Vec<usize>,
    batch: usize,
    served: Served,
    /// Requests whose first token came too late, and whose tokens came too slowly.
    late: usize,
    slow: usize,
    /// Requests whose first token came in time.
    in_time: usize,
}

/// Steps that are taken at once at most: the cache grows meanwhile.
const LEAP: f64 = 256.0;

impl<'a> Engine<'a> {
    fn new(
        deployment: &Deployment,
        step: StepTime,
        workload: &'a Workload,
        promise: (Seconds, Seconds),
        table: StepTable,
    ) -> Option<Self> {
        Some(Self {
            step: step.kept(),
            table,
            admission: deployment.admission(),
            prompts: deployment.prompts(),
            most: deployment.most_sequences() as usize,
            chunk: deployment.prefill_chunk(),
            room: deployment.cache_tokens()?,
            workload,
            promise,
            random: Rng::with_seed(workload.seed),
            now: 0.0,
            steps: 0.0,
            cached: 0.0,
            pending: 0.0,
            reserved: 0.0,
            requests: Vec::new(),
            coming: VecDeque::new(),
            front: 0.0,
            last_step: 0.0,
            waiting: VecDeque::new(),
            prefilling: VecDeque::new(),
            running: BinaryHeap::new(),
            newest: Vec::new(),
            batch: 0,
            served: Served {
                ttft: Vec::new(),
                tpot: Vec::new(),
                elapsed: Seconds(0.0),
                output_tokens: 0.0,
                kept: 0,
                preempted: 0,
            },
            late: 0,
            slow: 0,
            in_time: 0,
        })
    }

    fn done(self) -> (StepTable, Served) {
        let mut served = self.served;
        served.elapsed = Seconds(self.now);
        served.ttft.sort_by(f32::total_cmp);
        served.tpot.sort_by(f32::total_cmp);
        (self.table, served)
    }

    /// Answers the requests that are to come, until all are answered or it is known whether at most `allowed` break
    /// either promise; whether so few do.
    fn replay(&mut self, allowed: usize) -> bool {
        let count = self.requests.len();
        let (mut next, mut overdue) = (0, 0);
        loop {
            let open = if allowed == usize::MAX { count } else { count - self.served.tpot.len() };
            // Whoever came before that has either had a first token in time, or never will.
            let expired = self.now + self.step.reply - self.promise.0.0 * (1.0 + 1e-6);
            while self.requests.get(overdue).is_some_and(|request| request.arrived < expired) {
                overdue += 1;
            }
            let broken = self.late.max(self.slow).max(overdue.saturating_sub(self.in_time));
            if broken > allowed {
                return false;
            }
            if allowed != usize::MAX && broken + open <= allowed {
                return true;
            }
            if self.in_flight() == 0 {
                let Some(request) = self.requests.get(next) else { return true };
                self.now = self.now.max(request.arrived);
            }
            while next < count && self.requests[next].arrived <= self.now {
                self.enter(next);
                next += 1;
            }
            self.advance(self.requests.get(next).map_or(f64::INFINITY, |request| request.arrived));
        }
    }

    fn run(&mut self) {
        match self.workload.arrivals.clone() {
            Arrivals::AtOnce(requests) => {
                for _ in 0..requests {
                    self.arrive(0.0);
                }
                while self.advance(f64::INFINITY) {}
            }
            Arrivals::Held { concurrency, requests } => {
                let mut come = 0;
                loop {
                    while come < requests && self.in_flight() < concurrency as usize {
                        self.arrive(self.now);
                        come += 1;
                    }
                    if !self.advance(f64::INFINITY) {
                        break;
                    }
                }
            }
            Arrivals::Poisson { rates, stretch } => self.run_poisson(&rates, stretch.0),
        }
    }

    fn run_poisson(&mut self, rates: &[f64], stretch: f64) {
        let end = stretch * rates.len() as f64;
        let mut next = self.next_arrival(0.0, rates, stretch);
        while next < end || self.in_flight() > 0 {
            if self.in_flight() == 0 {
                self.now = self.now.max(next);
            }
            while next <= self.now && next < end {
                self.arrive(next);
                next = self.next_arrival(next, rates, stretch);
            }
            self.advance(if next < end { next } else { f64::INFINITY });
        }
    }

    /// The next arrival after `time`. A pause that runs into the next stretch is drawn anew there, which the process
    /// does not remember.
    #[expect(clippy::cast_sign_loss, reason = "time is not negative")]
    fn next_arrival(&mut self, mut time: f64, rates: &[f64], stretch: f64) -> f64 {
        loop {
            let at = (time / stretch) as usize;
            let Some(rate) = rates.get(at) else { return f64::INFINITY };
            let edge = (at + 1) as f64 * stretch;
            let next = if *rate > 0.0 { time + pause(*rate, &mut self.random) } else { f64::INFINITY };
            if next < edge {
                return next;
            }
            time = edge;
        }
    }

    fn in_flight(&self) -> usize {
        self.coming.len() + self.waiting.len() + self.prefilling.len() + self.batch
    }

    fn arrive(&mut self, time: f64) {
        let workload = self.workload;
        let prompt = workload.prompts.draw(workload.prompt_tokens, &mut self.random);
        let output = workload.answers.draw(workload.output_tokens, &mut self.random);
        self.come(time, prompt, output);
        self.enter(self.requests.len() - 1);
    }

    /// The API server takes requests one after the other.
    fn enter(&mut self, at: usize) {
        let Request { arrived, prompt, .. } = self.requests[at];
        let begins = self.front.max(arrived);
        let [each, token] = self.step.front;
        // On average it is seen half way between two looks.
        self.front = begins + each + token * prompt;
        let unseen = if self.batch > 0 { 0.5 * self.step.receive * self.last_step } else { 0.0 };
        self.coming.push_back((self.front + unseen, at));
    }

    fn come(&mut self, time: f64, prompt: f64, output: f64) {
        self.requests.push(Request {
            arrived: time,
            first_token: None,
            prompt,
            left: output,
            output,
            begun: 0.0,
            ends: 0.0,
        });
    }

    /// One step, or as many as nothing happens in before `until`; whether there was anything to do.
    fn advance(&mut self, until: f64) -> bool {
        if self.batch == 0 && self.prefilling.is_empty() && self.waiting.is_empty() {
            // Nothing runs before the next is through the API server.
            let Some((through, _)) = self.coming.front() else { return false };
            if *through > until {
                self.now = self.now.max(until);
                return true;
            }
            self.now = self.now.max(*through);
        }
        while let Some((_, at)) = self.coming.pop_front_if(|(through, _)| *through <= self.now) {
            self.waiting.push_back(at);
        }
        self.admit();
        if !self.prefilling.is_empty() {
            self.step_with_prefill();
        } else if self.batch > 0 {
            let through = self.coming.front().map_or(f64::INFINITY, |(through, _)| *through);
            self.leap(until.min(through));
        } else {
            return false;
        }
        self.finish();
        self.preempt();
        true
    }

    /// What a request sets aside in the cache.
    fn need(&self, request: &Request) -> f64 {
        match self.admission {
            Admission::Eager => request.prompt,
            Admission::Estimating => request.prompt + self.workload.output_tokens / 2.0,
            Admission::Reserving => request.prompt + request.left,
        }
    }

    fn admit(&mut self) {
        while let Some(&first) = self.waiting.front() {
            let running = self.prefilling.len() + self.batch;
            let need = self.need(&self.requests[first]);
            let taken =
                if self.admission == Admission::Eager { self.cached + self.pending } else { self.reserved };
            if running >= self.most || (running > 0 && taken + need > self.room) {
                return;
            }
            self.waiting.pop_front();
            let prompt = self.requests[first].prompt;
            self.pending += prompt;
            self.reserved += need;
            self.prefilling.push_back((first, prompt));
        }
    }

    /// A step that takes in prompts that wait: a part of them or whole ones, beside decoding or alone.
    fn step_with_prefill(&mut self) {
        let (mut budget, mut ready) = (self.chunk, 0);
        let mut work = Prefilled::default();
        for (request, left) in &mut self.prefilling {
            let is_whole = self.prompts == Prompts::Whole;
            if budget <= 0.0 || (is_whole && *left > budget && work.prompts > 0.0) {
                break;
            }
            let taken = if is_whole { *left } else { left.min(budget) };
            let before = self.requests[*request].prompt - *left;
            work.tokens += taken;
            work.pairs += taken * (before + taken / 2.0);
            work.prompts += 1.0;
            *left -= taken;
            budget -= taken;
            if *left > 0.0 {
                break;
            }
            ready += 1;
        }
        let decodes = self.prompts != Prompts::First && self.batch > 0;
        let batch = if decodes { self.batch as f64 } else { 0.0 };
        let cached = if decodes { self.cached } else { 0.0 };
        let decode = if decodes { self.decode(cached) } else { 0.0 };
        self.now += self.step.with_prompts(batch, cached, decode, work).0;
        if decodes {
            self.steps += self.step.accepted;
            self.cached += batch * self.step.accepted;
        }
        for _ in 0..ready {
            let Some((request, _)) = self.prefilling.pop_front() else { break };
            let entry = &mut self.requests[request];
            entry.begun = self.steps;
            entry.ends = self.steps + entry.left;
            if entry.first_token.is_none() {
                entry.first_token = Some(self.now);
                let waited = f64::from((self.now - entry.arrived + self.step.reply) as f32);
                let is_late = waited > self.promise.0.0;
                self.late += usize::from(is_late);
                self.in_time += usize::from(!is_late);
            }
            self.cached += entry.prompt;
            self.pending -= entry.prompt;
            self.running.push(Reverse((key(entry.ends), request)));
            self.newest.push(request);
            self.batch += 1;
        }
    }

    /// The time of one step of the batch, by the tokens in its cache.
    fn decode(&mut self, cached: f64) -> f64 {
        self.table.decode(&self.step, self.batch, cached)
    }

    /// Decodes until an answer ends, the cache is full or `until`.
    fn leap(&mut self, until: f64) {
        let Some(Reverse((ends, _))) = self.running.peek() else { return };
        let batch = self.batch as f64;
        let accepted = self.step.accepted;
        let mut steps = ((f64::from_bits(*ends) - self.steps) / accepted).ceil().clamp(1.0, LEAP);
        if self.admission == Admission::Eager {
            steps = steps.min(((self.room - self.cached) / (batch * accepted)).floor() + 1.0).max(1.0);
        }
        if until.is_finite() {
            let one = self.decode(self.cached);
            steps = steps.min(((until - self.now) / one).ceil()).max(1.0);
        }
        let gained = batch * accepted * steps;
        self.last_step = self.decode(self.cached + gained / 2.0);
        self.now += self.last_step * steps;
        self.steps += accepted * steps;
        self.cached += gained;
    }

    fn finish(&mut self) {
        while let Some(&Reverse((ends, at))) = self.running.peek() {
            if f64::from_bits(ends) > self.steps + 1e-9 {
                break;
            }
            self.running.pop();
            let request = self.requests[at];
            // Thrown out in the meantime.
            if key(request.ends) != ends {
                continue;
            }
            self.requests[at].ends = -1.0;
            self.leave(&request);
            let first = request.first_token.unwrap_or(self.now);
            let ttft = first - request.arrived + self.step.reply;
            let tpot = (self.now - first) / (request.output - 1.0).max(1.0);
            self.served.kept += u32::from(ttft <= self.promise.0.0 && tpot <= self.promise.1.0);
            self.served.ttft.push(ttft as f32);
            self.served.tpot.push(tpot as f32);
            self.slow += usize::from(f64::from(tpot as f32) > self.promise.1.0);
            self.served.output_tokens += request.output;
        }
        if self.batch == 0 {
            // Nothing is left of rounding.
            (self.cached, self.reserved) =
                (0.0, if self.prefilling.is_empty() { 0.0 } else { self.reserved });
            self.newest.clear();
        }
    }

    fn leave(&mut self, request: &Request) {
        self.batch -= 1;
        self.cached -= request.prompt + (self.steps - request.begun);
        self.reserved -= self.need(request);
    }

    /// Throws the newest out while the cache runs over; they are computed again later.
    fn preempt(&mut self) {
        while self.admission == Admission::Eager && self.cached > self.room && self.batch > 1 {
            let Some(at) = self.newest.pop() else { return };
            let request = self.requests[at];
            if request.ends <= self.steps {
                continue;
            }
            self.leave(&request);
            let gained = self.steps - request.begun;
            let entry = &mut self.requests[at];
            entry.ends = -1.0;
            entry.prompt += gained;
            entry.left = (entry.left - gained).max(1.0);
            self.served.preempted += 1;
            self.waiting.push_front(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capacity::{
        CacheType, Observed, Parallelism, Precision, Release, ServedModel, ServingDevice, ServingEngine,
    };
    use crate::catalog::Catalog;
    use crate::units::Bytes;

    const NO_PROMISE: (Seconds, Seconds) = (Seconds(f64::INFINITY), Seconds(f64::INFINITY));

    fn deployment(model: &str, room: Option<Bytes>) -> Deployment {
        let catalog = Catalog::embedded().unwrap();
        Deployment {
            model: ServedModel::of(&catalog.model(model).unwrap().architecture),
            precision: Precision::BF16,
            device: ServingDevice::of(catalog.accelerator("A100 SXM4 80GB").unwrap()).unwrap(),
            parallelism: Parallelism::tensor(1),
            engine: ServingEngine::Vllm,
            release: Release::NEWEST,
            cache: CacheType::Sixteen,
            is_tuned: true,
            batch_limit: None,
            known: 1.0,
            drafted: 0,
            cache_room: room,
            experts_in_ram: None,
            observed: Observed::default(),
        }
    }

    fn at_once(requests: u32) -> Workload {
        Workload {
            prompt_tokens: 1024.0,
            output_tokens: 1024.0,
            prompts: Lengths::Fixed,
            answers: Lengths::Fixed,
            arrivals: Arrivals::AtOnce(requests),
            seed: 1,
        }
    }

    fn throughput(requests: u32) -> f64 {
        let deployment = deployment("7b", Some(Bytes::mib(5130)));
        let served =
            simulate(&deployment, &ServingConstants::default(), &at_once(requests), NO_PROMISE).unwrap();
        served.throughput().0
    }

    // Published: 2338 tok/s at 50 in flight, 2058 to 2184 from 75 to 1000, with 5.01 GiB of room (61 by the mean length).
    #[test]
    fn the_cache_is_a_wall_beyond_which_throughput_does_not_rise() {
        let below = throughput(50);
        for beyond in [100, 200, 500] {
            let reached = throughput(beyond);
            assert!(reached < below * 1.15, "{reached} beyond, {below} below");
        }
    }

    #[test]
    fn everything_that_comes_is_answered_and_the_same_seed_says_the_same() {
        let deployment = deployment("7b", Some(Bytes::gib(2)));
        let workload = Workload {
            arrivals: Arrivals::Poisson { rates: vec![3.0, 0.0, 2.0], stretch: Seconds(60.0) },
            answers: Lengths::REASONING,
            prompts: Lengths::Uniform,
            ..at_once(0)
        };
        let run = |seed| {
            let workload = Workload { seed, ..workload.clone() };
            simulate(&deployment, &ServingConstants::default(), &workload, NO_PROMISE).unwrap()
        };
        let served = run(7);
        assert_eq!(served.ttft.len(), served.tpot.len());
        assert_eq!(served.kept as usize, served.ttft.len());
        assert!((250..=350).contains(&served.ttft.len()), "{}", served.ttft.len());
        assert!(served.preempted > 0, "the cache is too large for this test");
        assert_eq!(served, run(7));
        assert_ne!(served, run(8));
    }
}
