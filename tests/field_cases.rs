//! Judges the binary on the field cases: small inputs that made other tools stumble, with the right answer.
//!
//! The cases come from outside (`CASTILE_CASES` names their folder). Those listed here are all that are there.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

use std::path::PathBuf;
use std::process::Command;

const CASES: [&str; 72] = [
    "101", "102", "103", "104", "105", "106", "107", "108", "109", "110", "111", "112", "113", "114", "115", "116", "117", "118", "119",
    "120", "121", "122", "123", "124", "200", "201", "202", "203", "204", "205", "206", "207", "208", "209", "210", "211", "212", "220",
    "222", "223", "224", "225", "226", "227", "228", "229", "240", "241", "300", "301", "302", "303", "304", "305", "306", "307", "308",
    "309", "310", "311", "320", "321", "322", "323", "324", "325", "326", "340", "341", "342", "343", "344",
];

#[test]
fn the_field_cases_that_can_be_judged_today_all_pass() {
    let Some(folder) = std::env::var_os("CASTILE_CASES").map(PathBuf::from) else {
        println!("left out: CASTILE_CASES is not set");
        return;
    };
    let runner = folder.join("run");
    assert!(runner.is_file(), "CASTILE_CASES is set, but {} is not there", runner.display());
    let output = Command::new("python3")
        .arg(&runner)
        .arg(env!("CARGO_BIN_EXE_castile"))
        .args(CASES.iter().map(|case| format!("{case}-")))
        .output()
        .expect("python3 runs the cases");
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "some field cases failed");
    assert!(said.contains(&format!("{} passed, 0 failed", CASES.len())), "not every listed case was run");
}
