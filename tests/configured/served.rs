//! castile as an operator starts it, with a configuration of its own.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use crate::wire::Backend;
use crate::wire::Caller;
use crate::wire::Message;

/// castile with a configuration of its own.
pub(crate) struct Served {
    child: Child,
    pub(crate) addresses: Vec<SocketAddr>,
    file: PathBuf,
}

impl Served {
    /// With this text; `BACKEND` in it is the address of the backend, `WSDL` the folder of this repository's contracts.
    pub(crate) fn start(text: &str, backend: &Backend) -> Self {
        let file = write(&text.replace("BACKEND", &backend.url()));
        let mut child = castile(&["serve", "-c", file.to_str().expect("text")]).env("PASSWORD", "hunter2").spawn().expect("castile runs");
        let count = text.matches("address:").count().max(1);
        let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let addresses = (0..count)
            .map(|_| match lines.next() {
                Some(Ok(line)) => line.strip_prefix("listening on http://").expect("an address").parse().expect("an address"),
                _ => panic!("{}", rest(&mut child)),
            })
            .collect();
        Self { child, addresses, file }
    }

    pub(crate) fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Message {
        Caller::connect(self.addresses[0]).call(method, path, headers, body.as_bytes())
    }

    pub(crate) fn get(&self, path: &str) -> Message {
        self.call("GET", path, &[], "")
    }

    /// Stops it and gives what it wrote on stderr.
    pub(crate) fn stop(mut self) -> String {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().expect("kill runs").success());
        self.child.wait().expect("it ends");
        rest(&mut self.child)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_file(&self.file);
    }
}

pub(crate) fn castile(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_castile"));
    command.args(args).env_remove("CASTILE_LOG").stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn rest(child: &mut Child) -> String {
    let mut text = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut text).expect("text");
    text
}

/// A file of its own in the folder for temporary files.
pub(crate) fn write(text: &str) -> PathBuf {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let file = std::env::temp_dir().join(format!("castile-{}-{number}.yaml", std::process::id()));
    std::fs::write(&file, text.replace("WSDL", concat!(env!("CARGO_MANIFEST_DIR"), "/wsdl"))).expect("written");
    file
}
