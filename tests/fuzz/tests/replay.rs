//! Replays what the search kept, what once was a finding, and what real devices wrote.
#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails by panicking, and shows where")]

use std::fs;
use std::path::PathBuf;

use dianbu_fuzz::seeds::seeds;
use dianbu_fuzz::targets::{TARGETS, target};

/// One test alone, so that nothing else takes memory while a decoder's is counted.
#[test]
fn every_input_that_was_kept_is_read_or_refused() {
    for target in TARGETS {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
        let mut inputs: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        inputs.sort();
        assert!(inputs.len() > 5, "the corpus of {} is there", target.name);
        for input in inputs {
            println!("{}", input.display());
            (target.run)(&fs::read(input).unwrap());
        }
    }
    for (name, bytes) in seeds() {
        println!("a seed of {name}");
        (target(name).unwrap().run)(&bytes);
    }
}
