//! Counts tests that are skipped because a tool is missing. libtest reports them as "ok", so the last lines of `cargo
//! test` list them.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// The number of skipped tests for each reason.
static SKIPPED: Mutex<BTreeMap<String, usize>> = Mutex::new(BTreeMap::new());

/// Counts a test as skipped. If the environment has `required=1`, as in `.ci/run`, the test fails instead.
#[track_caller]
pub fn skip(required: &str, why: &str) {
    let all_must_run = std::env::var_os(required).is_some_and(|value| value == "1");
    assert!(!all_must_run, "{required}=1 is set, and {why}");
    *SKIPPED.lock().unwrap_or_else(PoisonError::into_inner).entry(why.to_string()).or_default() += 1;
}

/// Runs when the program ends, after libtest has printed its last line.
#[dtor::dtor(unsafe)]
fn tell() {
    let skipped = SKIPPED.lock().unwrap_or_else(PoisonError::into_inner);
    if !skipped.is_empty() {
        println!(
            "skipped: {} of the tests that are \"ok\" did nothing, or left something out",
            skipped.values().sum::<usize>()
        );
        for (why, count) in &*skipped {
            println!("{count:>6}  {why}");
        }
        println!();
    }
}

#[test]
fn skipped_tests_are_counted_at_the_end() {
    use std::process::Command;

    let run = |required: &str| {
        let mut tests = Command::new(std::env::current_exe().unwrap());
        tests.args(["c_programs::the_wrapper_is_what_it_says", "c_programs::abuse_does_no_harm", "--exact"]);
        tests.env("CC", "no-cc").env("CXX", "no-c++").env("MAESTRINO_REQUIRE_C", required);
        let output = tests.output().unwrap();
        (output.status.success(), String::from_utf8(output.stdout).unwrap())
    };
    let (passed, printed) = run("0");
    let (libtest, told) = printed.split_once("test result: ok. 2 passed; ").expect(&printed);
    assert!(passed && !libtest.contains("skipped: "), "{printed}");
    let (first, lines) = told.split_once("skipped: 2 of the tests").expect(&printed);
    assert!(first.contains("finished in"), "{printed}");
    assert!(lines.ends_with("\n     1  there is no no-c++\n     1  there is no no-cc\n\n"), "{printed}");
    let (passed, printed) = run("1");
    assert!(!passed && printed.contains("MAESTRINO_REQUIRE_C=1 is set, and there is no no-cc"), "{printed}");
}
