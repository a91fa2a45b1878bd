//! Programs of the stacks in the background, a castile in front of them, calls to it and what is expected of them.

use std::io::BufRead;
use std::io::BufReader;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use serde_json::Value;

use crate::support::process;
use crate::support::process::Running;

/// What a variable of the environment says about a stack: the path of its interpreter or of its packages. None, and a word
/// about it, where the variable is not set.
pub(crate) fn stack(variable: &str) -> Option<PathBuf> {
    let Some(path) = std::env::var_os(variable).map(PathBuf::from) else {
        println!("left out: {variable} is not set");
        return None;
    };
    assert!(path.exists(), "{variable} is {}, which does not exist", path.display());
    Some(path)
}

/// A file beside these tests.
pub(crate) fn beside(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stacks").join(name).to_str().unwrap().to_owned()
}

/// A server that runs in the background; it is ended when this is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
}

impl Server {
    /// Starts a program that prints `listening on URL` as its first line.
    pub(crate) fn start(mut command: Command) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("listening on ").unwrap_or_else(|| panic!("{command:?} said {line:?}")).to_owned();
        Self { child, url }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A castile in front of servers.
pub(crate) struct Gateway {
    _running: Running,
    pub(crate) address: String,
}

impl Gateway {
    /// Serves the services of a configuration, given as the text below `services:`; requests of SOAP callers must be valid.
    pub(crate) fn start(name: &str, services: &str) -> Self {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("stacks-{name}.yaml"));
        let text = format!("version: 1\nlisteners:\n  main: {{ address: \"127.0.0.1:0\" }}\nservices:\n{services}");
        std::fs::write(&file, text).unwrap();
        let mut running = Running::start(&["serve", "-c", file.to_str().unwrap()]);
        let address = running.address();
        Self { _running: running, address }
    }

    /// Makes the calls and collects what differs.
    pub(crate) fn check(&self, service: &str, calls: &[Call]) {
        let mut wrong = Vec::new();
        for (what, operation, request, status, reply) in calls {
            let answer = process::post(&self.address, &format!("/{service}/{operation}"), "application/json", request.as_bytes());
            let body = String::from_utf8(answer.body).unwrap();
            if (answer.status, body.trim_end()) != (*status, *reply) {
                wrong.push(format!("{what}: {operation} {request}\n  expected {status} {reply}\n  found    {} {body}", answer.status));
            }
        }
        assert!(wrong.is_empty(), "{} of {} calls to {service}:\n{}", wrong.len(), calls.len(), wrong.join("\n"));
    }

    /// The address of a service's WSDL.
    pub(crate) fn wsdl(&self, service: &str) -> String {
        format!("http://{}/{service}?wsdl", self.address)
    }
}

/// A call with JSON: what it is about, the operation, the request, the status and the exact text of the reply.
pub(crate) type Call = (&'static str, &'static str, &'static str, u16, &'static str);

/// Runs a client to its end and compares the calls that it tells of: a line each, of a name, a tab and what came back as JSON.
pub(crate) fn check_client(mut command: Command, expected: &[(&str, &str)]) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    let parsed = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let lines: Vec<_> = told.lines().map(|line| line.split_once('\t').unwrap_or_else(|| panic!("{line:?}"))).collect();
    let mut wrong = Vec::new();
    for (name, wanted) in expected {
        match lines.iter().find(|(found, _)| found == name) {
            None => wrong.push(format!("{name}: the client did not tell of it")),
            Some((_, found)) if parsed(found) == parsed(wanted) => {}
            Some((_, found)) => wrong.push(format!("{name}\n  expected {wanted}\n  found    {found}")),
        }
    }
    let unexpected = lines.iter().filter(|(name, _)| !expected.iter().any(|(wanted, _)| wanted == name));
    wrong.extend(unexpected.map(|(name, found)| format!("{name} was not expected: {found}")));
    assert!(output.status.success() && wrong.is_empty(), "{command:?}: {}\n{}\n{errors}", output.status, wrong.join("\n"));
}
