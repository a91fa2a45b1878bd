//! Programs of the stacks in the background and a castile in front of them.

use std::io::BufRead;
use std::io::BufReader;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;

use crate::support::process::Running;

/// The stacks, by the variable that says where each is.
#[derive(Clone, Copy)]
pub(crate) enum Stack {
    /// A Python that has spyne and zeep.
    Python,
    /// PHP with its extension for SOAP.
    Php,
    /// A folder with node's packages.
    Node,
}

impl Stack {
    /// A program beside these tests, to be run on this stack; none, and a word about it, where the stack's variable is not set.
    pub(crate) fn program(self, file: &str) -> Option<Command> {
        let mut command = self.command()?;
        command.arg(beside(file));
        Some(command)
    }

    /// What runs programs of this stack, without arguments; none as above.
    pub(crate) fn command(self) -> Option<Command> {
        let variable = match self {
            Self::Python => "CASTILE_STACK_PYTHON",
            Self::Php => "CASTILE_STACK_PHP",
            Self::Node => "CASTILE_STACK_NODE",
        };
        let Some(path) = std::env::var_os(variable).map(PathBuf::from) else {
            println!("left out: {variable} is not set");
            return None;
        };
        assert!(path.exists(), "{variable} is {}, which does not exist", path.display());
        let mut command = match self {
            Self::Python | Self::Php => Command::new(path),
            Self::Node => Command::new("node"),
        };
        command.stdin(Stdio::null());
        Some(command)
    }
}

/// A file beside these tests.
pub(crate) fn beside(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stacks").join(name).to_str().unwrap().to_owned()
}

/// A server that runs in the background; it is ended when this is dropped.
pub(crate) struct Server {
    child: Child,
    /// Scheme, host and port.
    pub(crate) url: String,
}

impl Server {
    /// Starts a program that tells its address in its first line, on stdout or stderr.
    pub(crate) fn start(mut command: Command) -> Self {
        let (mut reader, writer) = std::io::pipe().unwrap();
        command.stdout(writer.try_clone().unwrap()).stderr(writer);
        let child = command.spawn().unwrap();
        let said = format!("{command:?}");
        drop(command);
        let mut line = String::new();
        BufReader::with_capacity(1, &mut reader).read_line(&mut line).unwrap();
        // What else it writes must not fill the pipe.
        std::thread::spawn(move || std::io::copy(&mut reader, &mut std::io::sink()));
        let mut server = Self { child, url: String::new() };
        let start = line.find("http://").unwrap_or_else(|| panic!("{said} told {line:?}"));
        server.url = line[start..].trim_end_matches(|c: char| !c.is_ascii_digit()).split(')').next().unwrap().to_owned();
        server
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A castile in front of a server.
pub(crate) struct Gateway {
    _server: Server,
    _running: Running,
    /// Host and port.
    pub(crate) address: String,
}

impl Gateway {
    /// Serves services, each given as its name and the lines of its configuration that tell WSDL and upstream; requests of
    /// SOAP callers must be valid.
    pub(crate) fn start(name: &str, server: Server, services: &[(&str, String)]) -> Self {
        let mut text = String::from("version: 1\nlisteners:\n  main: { address: \"127.0.0.1:0\" }\nservices:\n");
        for (service, lines) in services {
            text += &format!("  {service}:\n    {}\n", lines.replace('\n', "\n    "));
            text += "    validate: { request: enforce, reply: report }\n";
        }
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("stacks-{name}.yaml"));
        std::fs::write(&file, text).unwrap();
        let mut running = Running::start(&["serve", "-c", file.to_str().unwrap()]);
        let address = running.address();
        Self { _server: server, _running: running, address }
    }

    /// The address of a service's WSDL.
    pub(crate) fn wsdl(&self, service: &str) -> String {
        format!("http://{}/{service}?wsdl", self.address)
    }
}
