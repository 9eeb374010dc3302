//! `cargo xtask sim --seeds N --from S`: runs the simulator as long as one likes.
#![allow(clippy::print_stdout, reason = "a command line talks on its standard output")]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::time::Instant;

use dianbu::guard::Guard;
use dianbu_sim::check::Violation;
use dianbu_sim::fault::Trouble;
use dianbu_sim::run::{Plan, run, shorten};

const HELP: &str = "\
cargo xtask sim [--seeds N] [--from S]     runs N seeds, from S; 1,000 from 1 if nothing is said
cargo xtask sim [--only GUARD] --guards N  after how many of N seeds the absence of each guard shows
cargo xtask sim --tell S                   runs one seed and tells what happens, step by step";

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    let (mut seeds, mut from, mut only) = (1_000_u64, 1_u64, "");
    for pair in args.chunks(2) {
        match pair {
            ["--seeds", number] => seeds = number.parse().unwrap_or(seeds),
            ["--from", number] => from = number.parse().unwrap_or(from),
            ["--only", name] => only = name,
            ["--guards", number] => return guards(number.parse().unwrap_or(200), only),
            ["--tell", number] => return tell(&Plan::whole(number.parse().unwrap_or(1))),
            _ => {
                println!("{HELP}");
                return ExitCode::FAILURE;
            }
        }
    }
    many(from, seeds)
}

fn many(from: u64, seeds: u64) -> ExitCode {
    let begin = Instant::now();
    let (mut ops, mut failed) = (0, 0_u64);
    let mut troubles: BTreeMap<Trouble, u64> = BTreeMap::new();
    let mut events: BTreeMap<&str, u64> = BTreeMap::new();
    for seed in from..from.saturating_add(seeds) {
        let plan = Plan::whole(seed);
        let outcome = run(&plan, None, false);
        ops += outcome.ops;
        for (trouble, often) in outcome.troubles {
            *troubles.entry(trouble).or_default() += often;
        }
        for (event, often) in outcome.events {
            *events.entry(event).or_default() += often;
        }
        if let Some(violation) = outcome.violations.first() {
            failed += 1;
            println!("seed {seed}: {violation}");
            if failed <= 3 {
                tell(&shorten(&plan, None));
            }
        }
    }
    let seconds = begin.elapsed().as_secs_f64();
    println!("seeds      {seeds}, {from} and on");
    println!("operations {ops}");
    println!("troubles   {}", troubles.values().sum::<u64>());
    for (trouble, often) in &troubles {
        println!("  {:<13} {often}", format!("{trouble:?}"));
    }
    for (event, often) in &events {
        println!("{event}: {often}");
    }
    println!("violations {failed}");
    #[allow(clippy::cast_precision_loss, reason = "a rate for people")]
    let rate = seeds as f64 / seconds;
    println!("in {seconds:.0} s, {rate:.1} seeds a second");
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Looks for the first seed that shows what each guard is for, and prints the rows of the table in
/// `docs/reliability.md`.
fn guards(most: u64, only: &str) -> ExitCode {
    let mut missing = 0;
    for (guard, what) in Guard::ALL.iter().filter(|(guard, _)| format!("{guard:?}").contains(only)) {
        let found = (1..=most).find_map(|seed| {
            let violations = run(&Plan::whole(seed), Some(*guard), false).violations;
            violations.into_iter().next().map(|violation| (seed, violation))
        });
        match found {
            Some((seed, Violation { check, .. })) => {
                println!("| {guard:?} | {} | {} {check:?} | {seed} |", what.trim(), check.invariant());
            }
            None => {
                missing += 1;
                println!("| {guard:?} | {} | nothing in {most} seeds |", what.trim());
            }
        }
    }
    if missing == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Tells a run line by line.
fn tell(plan: &Plan) -> ExitCode {
    let outcome = run(plan, None, true);
    for line in &outcome.story {
        println!("  {line}");
    }
    println!("  steps {:?}", plan.steps);
    println!("  spared {:?}", plan.spared);
    for violation in &outcome.violations {
        println!("  {violation}");
    }
    if outcome.violations.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
