//! Every check of the protocol has a seed in which its absence is found, and `docs/reliability.md` says which.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use dianbu::guard::Guard;
use dianbu_sim::check::Check;
use dianbu_sim::run::{Plan, run};

/// The absence of any guard shows within so many seeds.
const WITHIN: u64 = 1000;

const TABLE: &str = include_str!("../../../docs/reliability.md");

/// The rows of the table: guard, what it does, check that finds its absence, seed.
fn rows() -> Vec<[String; 4]> {
    let part = TABLE.split("<!-- guards -->").nth(1).unwrap();
    let cells = |line: &str| {
        let cells: Vec<_> = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
        cells.try_into().ok()
    };
    part.lines().filter(|line| line.starts_with('|')).skip(2).filter_map(cells).collect()
}

#[test]
fn the_table_names_every_guard_once_and_says_what_it_does() {
    let named: Vec<_> = rows().into_iter().map(|[guard, what, ..]| (guard, what)).collect();
    let guards: Vec<_> =
        Guard::ALL.iter().map(|(guard, what)| (format!("{guard:?}"), what.trim().to_owned())).collect();
    assert_eq!(named, guards);
}

#[test]
fn without_any_guard_the_simulator_finds_what_the_table_says() {
    let mut wrong = Vec::new();
    for ([name, _, finds, seed], (guard, _)) in rows().into_iter().zip(Guard::ALL) {
        let seed: u64 = seed.parse().unwrap();
        assert!(seed <= WITHIN);
        let outcome = run(&Plan::whole(seed), Some(*guard), false);
        let found = outcome.violations.first().map(|it| format!("{} {:?}", it.check.invariant(), it.check));
        if found.as_ref() != Some(&finds) {
            wrong.push(format!("{name}: seed {seed} finds {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "run `cargo xtask sim --guards {WITHIN}`: {wrong:#?}");
}

#[test]
fn with_all_guards_the_same_seeds_pass() {
    let mut seeds: Vec<u64> = rows().iter().map(|row| row[3].parse().unwrap()).collect();
    seeds.sort_unstable();
    seeds.dedup();
    for seed in seeds {
        let outcome = run(&Plan::whole(seed), None, false);
        assert!(outcome.violations.is_empty(), "seed {seed}: {}", outcome.violations[0]);
    }
}

#[test]
fn the_table_of_checks_is_the_programs() {
    let part = TABLE.split("<!-- checks -->").nth(1).unwrap();
    let wanted: String = Check::ALL
        .iter()
        .map(|(check, invariant, says)| format!("| {check:?} | {invariant} | {} |\n", says.trim()))
        .collect();
    assert!(part.contains(&wanted), "expected:\n{wanted}");
}
