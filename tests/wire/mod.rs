//! Gateways, backends and callers over real sockets, for tests: everything on loopback, nothing outside this process.
#![allow(dead_code, reason = "each test binary uses its own part of this")]

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;

use castile::console::PAGES;
use castile::gateway::documents::Documents;
use castile::gateway::planner::Planner;
use castile::gateway::server;
use castile::gateway::server::Listen;
use castile::gateway::server::Running;
use castile::gateway::settings::Limits;
use castile::gateway::settings::Times;
use castile::wsdl::contract::Contract;

/// A message over HTTP, in either direction.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message {
    /// The request line or status line.
    pub(crate) line: String,
    /// Header fields with names in lower case, in their order.
    pub(crate) headers: Vec<(String, String)>,
    /// The body, chunks joined.
    pub(crate) body: Vec<u8>,
}

impl Message {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn status(&self) -> u16 {
        self.line.split(' ').nth(1).and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    pub(crate) fn path(&self) -> &str {
        self.line.split(' ').nth(1).unwrap_or_default()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("no JSON ({error}): {}", self.text()))
    }

    /// Reads one message; none at the end of the stream. `bodiless`: the reply to HEAD.
    pub(crate) fn read(reader: &mut impl BufRead, bodiless: bool) -> std::io::Result<Option<Self>> {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut message = Self { line: line.trim_end().to_owned(), ..Self::default() };
        loop {
            let mut line = String::new();
            reader.read_line(&mut line)?;
            let line = line.trim_end();
            if line.is_empty() {
                break;
            }
            let (name, value) = line.split_once(':').unwrap_or((line, ""));
            message.headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let reply = message.line.starts_with("HTTP/");
        if bodiless || (reply && matches!(message.status(), 100..=199 | 204 | 304)) {
            return Ok(Some(message));
        }
        if message.header("transfer-encoding").is_some_and(|value| value.contains("chunked")) {
            read_chunks(reader, &mut message.body)?;
        } else if let Some(length) = message.header("content-length") {
            message.body = vec![0; length.parse().expect("a length")];
            reader.read_exact(&mut message.body)?;
        } else if reply {
            reader.read_to_end(&mut message.body)?;
        }
        Ok(Some(message))
    }
}

fn read_chunks(reader: &mut impl BufRead, body: &mut Vec<u8>) -> std::io::Result<()> {
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let size = usize::from_str_radix(line.trim().split(';').next().unwrap_or_default(), 16).expect("a chunk size");
        let start = body.len();
        body.resize(start + size, 0);
        reader.read_exact(&mut body[start..])?;
        let mut end = String::new();
        reader.read_line(&mut end)?;
        if size == 0 {
            while !end.trim().is_empty() {
                end.clear();
                reader.read_line(&mut end)?;
            }
            return Ok(());
        }
    }
}

/// What a backend does with a request.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Answers: status, header fields, body; Content-Length is added.
    Answer(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// Writes these bytes and closes the connection.
    Raw(Vec<u8>),
    /// Waits, then answers.
    Wait(Duration, Box<Act>),
    /// Closes the connection without a word.
    Close,
}

impl Act {
    pub(crate) fn xml(body: impl Into<Vec<u8>>) -> Self {
        Self::Answer(200, vec![("Content-Type", "text/xml; charset=utf-8".into())], body.into())
    }

    pub(crate) fn with_status(self, status: u16) -> Self {
        match self {
            Self::Answer(_, headers, body) => Self::Answer(status, headers, body),
            Self::Raw(_) | Self::Wait(..) | Self::Close => self,
        }
    }
}

/// A backend: answers by a function, remembers what it received.
pub(crate) struct Backend {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Message>>>,
    stop: Arc<AtomicBool>,
}

impl Backend {
    pub(crate) fn start(act: impl Fn(&Message) -> Act + Send + Sync + 'static) -> Self {
        Self::with_memory(true, act)
    }

    /// Remembers nothing: `act` judges what it is given.
    pub(crate) fn forgetful(act: impl Fn(&Message) -> Act + Send + Sync + 'static) -> Self {
        Self::with_memory(false, act)
    }

    fn with_memory(remember: bool, act: impl Fn(&Message) -> Act + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let (seen, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let (noted, stopped, act) = (Arc::clone(&seen), Arc::clone(&stop), Arc::new(act));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                let (Ok(stream), noted, act) = (stream, Arc::clone(&noted), Arc::clone(&act)) else { continue };
                std::thread::spawn(move || {
                    let _ = serve(&stream, remember.then_some(&*noted), &*act);
                });
            }
        });
        Self { address, seen, stop }
    }

    /// What was received since the last look.
    pub(crate) fn take(&self) -> Vec<Message> {
        std::mem::take(&mut self.seen.lock().expect("not poisoned"))
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/backend", self.address)
    }
}

impl Drop for Backend {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        let _ = TcpStream::connect(self.address);
    }
}

fn serve(stream: &TcpStream, seen: Option<&Mutex<Vec<Message>>>, act: &dyn Fn(&Message) -> Act) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream);
    while let Some(request) = Message::read(&mut reader, false)? {
        let mut act = act(&request);
        if let Some(seen) = seen {
            seen.lock().expect("not poisoned").push(request);
        }
        while let Act::Wait(time, next) = act {
            std::thread::sleep(time);
            act = *next;
        }
        match act {
            Act::Answer(status, headers, body) => {
                let mut head = format!("HTTP/1.1 {status} Status\r\nContent-Length: {}\r\n", body.len());
                for (name, value) in headers {
                    head.push_str(&format!("{name}: {value}\r\n"));
                }
                head.push_str("\r\n");
                let mut bytes = head.into_bytes();
                bytes.extend_from_slice(&body);
                (&*stream).write_all(&bytes)?;
            }
            Act::Raw(bytes) => {
                (&*stream).write_all(&bytes)?;
                return Ok(());
            }
            Act::Close | Act::Wait(..) => return Ok(()),
        }
    }
    Ok(())
}

/// A gateway in this process.
pub(crate) struct Gateway {
    pub(crate) running: Option<Running>,
    pub(crate) address: SocketAddr,
}

impl Gateway {
    /// In front of a backend at `upstream`, for WSDLs by their paths in this repository.
    pub(crate) fn start(wsdls: &[&str], upstream: &str) -> Self {
        Self::with(wsdls, upstream, Limits::default(), Times::default())
    }

    pub(crate) fn with(wsdls: &[&str], upstream: &str, limits: Limits, times: Times) -> Self {
        Self::trusting(None, wsdls, upstream, limits, times)
    }

    /// Trusting the roots in a PEM text besides the public ones.
    pub(crate) fn trusting(roots: Option<Vec<u8>>, wsdls: &[&str], upstream: &str, limits: Limits, times: Times) -> Self {
        let mut planner = Planner::new(PAGES, Some(upstream)).expect("a URL");
        for path in wsdls {
            planner.add(Arc::new(contract(path))).expect("no clash");
        }
        let plan = planner.finish().expect("services").with(limits, times);
        let listen = Listen { addresses: vec!["127.0.0.1:0".parse().expect("an address")], cores: Some(2), roots };
        let running = server::start(plan, &listen).expect("a gateway");
        Self { address: running.address, running: Some(running) }
    }

    pub(crate) fn connect(&self) -> Caller {
        Caller::connect(self.address)
    }

    /// One request on a connection of its own.
    pub(crate) fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Message {
        self.connect().call(method, path, headers, body)
    }

    pub(crate) fn json(&self, path: &str, body: &str) -> Message {
        self.call("POST", path, &[("Content-Type", "application/json")], body.as_bytes())
    }

    pub(crate) fn soap(&self, path: &str, body: &str) -> Message {
        self.call("POST", path, &[("Content-Type", "text/xml; charset=utf-8"), ("SOAPAction", "\"\"")], body.as_bytes())
    }

    pub(crate) fn shutdown(mut self) {
        if let Some(running) = self.running.take() {
            running.shutdown();
        }
    }
}

/// Loads a WSDL of this repository.
pub(crate) fn contract(path: &str) -> Contract {
    let path = if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", env!("CARGO_MANIFEST_DIR")) };
    let mut documents = Documents::new(&path);
    let root = documents.root(&path).unwrap_or_else(|error| panic!("{path}: {}", error.message));
    castile::wsdl::load::load(&root.location, &root.text, &mut documents).unwrap_or_else(|error| panic!("{error}"))
}

/// A connection of a caller.
pub(crate) struct Caller {
    stream: TcpStream,
    reader: BufReader<TcpStream>,
}

impl Caller {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_nodelay(true).expect("an option");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("an option");
        let reader = BufReader::new(stream.try_clone().expect("a second handle"));
        Self { stream, reader }
    }

    pub(crate) fn call(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Message {
        self.send(method, path, headers, body);
        self.read(method == "HEAD").unwrap_or_else(|| panic!("no answer to {method} {path}"))
    }

    pub(crate) fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) {
        let mut text = format!("{method} {path} HTTP/1.1\r\nHost: gateway.example\r\n");
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if !body.is_empty() {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(body);
        // The gateway may refuse and close before all is written.
        let _ = self.stream.write_all(&bytes);
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    /// The next answer; none if the connection is closed.
    pub(crate) fn read(&mut self, bodiless: bool) -> Option<Message> {
        Message::read(&mut self.reader, bodiless).ok().flatten()
    }

    /// True if the gateway closes the connection without another word.
    pub(crate) fn is_closed(&mut self) -> bool {
        let mut byte = [0];
        matches!(self.reader.read(&mut byte), Ok(0) | Err(_))
    }
}

/// A SOAP 1.1 envelope round this body.
pub(crate) fn envelope(body: &str) -> String {
    format!("<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>{body}</s:Body></s:Envelope>")
}

/// A SOAP 1.2 envelope round this body.
pub(crate) fn envelope12(body: &str) -> String {
    format!("<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>{body}</s:Body></s:Envelope>")
}
