//! Our own WSDLs and messages: each message under fixtures/ and its JSON are the two faces of one thing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod support;

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use support::infoset;
use support::squeeze;

const CONTRACTS: [(&str, &str); 4] = [
    ("cities", "wsdl/cities.wsdl"),
    ("orders", "wsdl/orders.wsdl"),
    ("ledger", "wsdl/ledger.wsdl"),
    ("library", "wsdl/library/library.wsdl"),
];

#[test]
fn every_message_gives_its_json_and_every_json_its_message() {
    let mut faults = Vec::new();
    for (folder, wsdl) in CONTRACTS {
        for message in messages(folder) {
            if let Err(fault) = judge(wsdl, &message) {
                faults.push(format!("{}: {fault}", message.display()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
}

#[test]
fn every_operation_of_our_own_contracts_is_served() {
    for (_, wsdl) in CONTRACTS {
        let output = castile(&["check", "--json", "--wsdl", wsdl]);
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        for service in report["services"].as_array().unwrap() {
            for port in service["ports"].as_array().unwrap() {
                let operations = port["operations"].as_array().unwrap();
                assert!(!operations.is_empty(), "{wsdl} has no operations: {report}");
                for operation in operations {
                    assert_eq!(operation["status"], "served", "{wsdl}: {operation}");
                }
            }
        }
        assert_eq!(output.status.code(), Some(0));
    }
}

fn messages(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(folder);
    let mut found: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.retain(|path| path.extension().is_some_and(|ext| ext == "xml"));
    found.sort();
    assert!(!found.is_empty());
    found
}

/// `GetCity.reply.xml` is the reply of operation GetCity, `GetCity.reply.json` its JSON.
fn judge(wsdl: &str, message: &Path) -> Result<(), String> {
    let name = message.file_name().unwrap().to_str().unwrap();
    let mut parts = name.split('.');
    let (operation, direction) = (parts.next().unwrap(), parts.next().unwrap());
    let document = message.with_extension("json");
    let (xml, json) = (fs::read_to_string(message).unwrap(), fs::read_to_string(&document).unwrap());
    let version = if xml.contains("http://www.w3.org/2003/05/soap-envelope") { "1.2" } else { "1.1" };
    let reply: &[&str] = if direction == "reply" { &["--reply"] } else { &[] };

    let got = convert(&[&["--wsdl", wsdl, message.to_str().unwrap()], reply].concat())?;
    if squeeze(&got) != squeeze(&json) {
        return Err(format!("expected {json}\nbut castile gives\n{got}"));
    }
    let options = ["--wsdl", wsdl, "--operation", operation, "--soap", version, document.to_str().unwrap()];
    let got = convert(&[&options, reply].concat())?;
    let (want, found) = (infoset(&xml)?, infoset(&got)?);
    if want == found { Ok(()) } else { Err(format!("back in XML it is\n{found}\ninstead of\n{want}")) }
}

fn convert(options: &[&str]) -> Result<String, String> {
    let output = castile(&[&["convert"], options].concat());
    if output.status.success() {
        Ok(String::from_utf8(output.stdout).unwrap())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn castile(arguments: &[&str]) -> std::process::Output {
    Command::new(env!("CARGO_BIN_EXE_castile")).current_dir(env!("CARGO_MANIFEST_DIR")).args(arguments).output().unwrap()
}
