//! SOAP replies too large to be held: they pass complete and in bounded memory, or the caller sees that something is missing.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

mod wire;

use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::net::SocketAddr;
use std::net::TcpListener;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::mpsc;
use std::time::Duration;

use wire::Gateway;
use wire::Message;

const CITIES: &str = "wsdl/cities.wsdl";
const OPEN: &str = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><c:GetCityResponse xmlns:c=\"https://castile.example/cities\">";
const CLOSE: &str = "</c:GetCityResponse></s:Body></s:Envelope>";
const REQUEST: &str = "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body><c:GetCity xmlns:c=\"https://castile.example/cities\"><c:name>Segovia</c:name></c:GetCity></s:Body></s:Envelope>";

/// A reply that is made while it is sent: a beginning, a filling so many times, an end.
#[derive(Clone)]
struct Reply {
    headers: String,
    begin: Vec<u8>,
    filling: Vec<u8>,
    times: usize,
    end: Vec<u8>,
    chunked: bool,
}

impl Reply {
    fn new(times: usize, end: &str) -> Self {
        let filling = format!("<c:river>{}</c:river>", "Duero &amp; Eresma ".repeat(3000)).into_bytes();
        Self {
            headers: String::from("Content-Type: text/xml; charset=utf-8\r\n"),
            begin: OPEN.into(),
            filling,
            times,
            end: end.into(),
            chunked: false,
        }
    }

    fn chunked(mut self) -> Self {
        self.chunked = true;
        self
    }

    fn len(&self) -> usize {
        self.begin.len() + self.filling.len() * self.times + self.end.len()
    }

    fn write(&self, mut stream: &TcpStream) -> std::io::Result<()> {
        let framing = if self.chunked { String::from("Transfer-Encoding: chunked") } else { format!("Content-Length: {}", self.len()) };
        stream.write_all(format!("HTTP/1.1 200 OK\r\n{}{framing}\r\n\r\n", self.headers).as_bytes())?;
        let pieces = std::iter::once(&self.begin).chain(std::iter::repeat_n(&self.filling, self.times)).chain(std::iter::once(&self.end));
        for piece in pieces {
            if self.chunked {
                stream.write_all(format!("{:x}\r\n", piece.len()).as_bytes())?;
            }
            stream.write_all(piece)?;
            if self.chunked {
                stream.write_all(b"\r\n")?;
            }
        }
        if self.chunked { stream.write_all(b"0\r\n\r\n") } else { Ok(()) }
    }

    fn sum(&self) -> u64 {
        let mut sum = 0;
        add(&mut sum, &self.begin);
        for _ in 0..self.times {
            add(&mut sum, &self.filling);
        }
        add(&mut sum, &self.end);
        sum
    }
}

fn add(sum: &mut u64, bytes: &[u8]) {
    *sum = bytes.iter().fold(*sum, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(*byte)));
}

/// Answers every request with a reply; says of each whether all of it could be written.
fn backend(reply: Reply) -> (SocketAddr, mpsc::Receiver<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let (told, written) = mpsc::channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (reply, told) = (reply.clone(), told.clone());
            std::thread::spawn(move || {
                let mut reader = BufReader::new(&stream);
                while let Ok(Some(_)) = Message::read(&mut reader, false) {
                    let _ = told.send(reply.write(&stream).is_ok());
                }
            });
        }
    });
    (address, written)
}

/// What a caller got: how much, its sum, and whether HTTP says that it was all.
#[derive(Debug, PartialEq)]
struct Got {
    status: u16,
    length: usize,
    sum: u64,
    complete: bool,
}

fn call(gateway: &Gateway) -> Got {
    let mut stream = TcpStream::connect(gateway.address).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("an option");
    let head = format!(
        "POST /Cities HTTP/1.1\r\nHost: a.example\r\nContent-Type: text/xml\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{REQUEST}",
        REQUEST.len()
    );
    stream.write_all(head.as_bytes()).expect("sent");
    read(BufReader::with_capacity(1 << 16, stream))
}

fn read(mut reader: BufReader<TcpStream>) -> Got {
    let mut line = || {
        let mut line = Vec::new();
        let mut byte = [0];
        while !line.ends_with(b"\r\n") && reader.read(&mut byte).is_ok_and(|read| read == 1) {
            line.push(byte[0]);
        }
        String::from_utf8(line).expect("text").trim_end().to_ascii_lowercase()
    };
    let status = line().split(' ').nth(1).and_then(|text| text.parse().ok()).expect("a status");
    let mut length = None;
    loop {
        let field = line();
        if field.is_empty() {
            break;
        }
        length = field.strip_prefix("content-length: ").and_then(|text| text.parse().ok()).or(length);
    }
    let mut got = Got { status, length: 0, sum: 0, complete: false };
    if let Some(length) = length {
        got.complete = copy(&mut reader, length, &mut got);
        return got;
    }
    loop {
        let mut size = Vec::new();
        let mut byte = [0];
        while !size.ends_with(b"\r\n") {
            if !reader.read(&mut byte).is_ok_and(|read| read == 1) {
                return got;
            }
            size.push(byte[0]);
        }
        let size = usize::from_str_radix(std::str::from_utf8(&size).expect("text").trim(), 16).expect("a size");
        if !copy(&mut reader, size, &mut got) || reader.read_exact(&mut [0; 2]).is_err() {
            return got;
        }
        if size == 0 {
            got.complete = true;
            return got;
        }
    }
}

fn copy(reader: &mut impl Read, length: usize, got: &mut Got) -> bool {
    let (mut left, mut buffer) = (length, vec![0; 1 << 16]);
    while left > 0 {
        let most = left.min(buffer.len());
        match reader.read(&mut buffer[..most]) {
            Ok(read @ 1..) => {
                add(&mut got.sum, &buffer[..read]);
                got.length += read;
                left -= read;
            }
            Ok(0) | Err(_) => return false,
        }
    }
    true
}

/// In front of a backend with this reply.
fn before(reply: &Reply) -> (Gateway, mpsc::Receiver<bool>) {
    let (address, written) = backend(reply.clone());
    (Gateway::start(&[CITIES], &format!("http://{address}/")), written)
}

#[track_caller]
fn passes(reply: &Reply) {
    let (gateway, _) = before(reply);
    assert_eq!(call(&gateway), Got { status: 200, length: reply.len(), sum: reply.sum(), complete: true });
}

/// The caller sees that the reply is not all there; the backend is let go where it has much more to say.
#[track_caller]
fn breaks_off(reply: &Reply) {
    let (gateway, _) = before(reply);
    let got = call(&gateway);
    assert!(got.status == 200 && !got.complete && got.length > 0, "{got:?}");
}

/// 200 MB in pieces of 57 KB.
const MANY: usize = 3600;
/// 3 MB.
const SOME: usize = 55;

fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("the most memory so far");
    line.split_whitespace().nth(1).and_then(|text| text.parse::<usize>().ok()).expect("a number") >> 10
}

#[test]
fn two_hundred_megabytes_pass_complete_and_in_bounded_memory() {
    for reply in [Reply::new(MANY, CLOSE), Reply::new(MANY, CLOSE).chunked()] {
        assert!(reply.len() > 190 << 20);
        let before = memory();
        passes(&reply);
        let grown = memory() - before;
        assert!(grown < 64, "{grown} MiB more");
    }
}

#[test]
fn one_text_of_two_hundred_megabytes_passes_in_bounded_memory() {
    let mut reply = Reply::new(MANY, &format!("</c:river>{CLOSE}"));
    reply.begin.extend_from_slice(b"<c:river>");
    reply.filling = b"QUJD".repeat(15_000);
    let before = memory();
    passes(&reply);
    let grown = memory() - before;
    assert!(grown < 64, "{grown} MiB more");
}

#[test]
fn a_late_fault_breaks_the_transfer_off_and_lets_the_backend_go() {
    for end in ["<c:river></c:rivers>", "<!DOCTYPE x>", "&undefined;", "</s:Body>", &format!("{CLOSE}<more/>")] {
        for mut reply in [Reply::new(SOME, ""), Reply::new(SOME, "").chunked()] {
            // The fault stands behind the beginning that is held, and much comes after it.
            reply.begin = [reply.begin, reply.filling.repeat(30), end.into()].concat();
            reply.times = MANY;
            let (gateway, written) = before(&reply);
            let got = call(&gateway);
            assert!(got.status == 200 && !got.complete && got.length < reply.begin.len(), "{end}: {got:?}");
            assert!(!written.recv_timeout(Duration::from_secs(20)).expect("the end of it"), "{end}: the backend wrote all of it");
        }
    }
}

#[test]
fn a_message_that_ends_too_early_is_no_complete_reply() {
    for end in ["", "</c:GetCityResponse></s:Body></s:Envelope", "<c:river>"] {
        breaks_off(&Reply::new(SOME, end));
        breaks_off(&Reply::new(SOME, end).chunked());
    }
}

#[test]
fn a_second_body_at_the_end_breaks_the_transfer_off() {
    breaks_off(&Reply::new(SOME, "</c:GetCityResponse></s:Body><s:Body/></s:Envelope>"));
    breaks_off(&Reply::new(SOME, "</c:GetCityResponse></s:Body><s:Header/></s:Envelope>").chunked());
}

#[test]
fn a_fault_in_the_beginning_that_is_held_is_a_proper_refusal() {
    let (gateway, _) = before(&Reply { begin: format!("{OPEN}<c:a></c:b>").into(), ..Reply::new(SOME, CLOSE) });
    let got = call(&gateway);
    assert!(got.status == 500 && got.complete && got.length < 1000, "{got:?}");
}

#[test]
fn a_coded_reply_is_judged_by_what_is_in_it() {
    let coded = |end: &str| {
        let plain = Reply::new(SOME, end);
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
        encoder.write_all(&plain.begin).expect("memory");
        for _ in 0..SOME {
            encoder.write_all(&plain.filling).expect("memory");
        }
        encoder.write_all(&plain.end).expect("memory");
        let bytes = encoder.finish().expect("memory");
        Reply { headers: format!("{}Content-Encoding: gzip\r\n", plain.headers), begin: bytes, times: 0, end: Vec::new(), ..plain }
    };
    passes(&coded(CLOSE));
    passes(&coded(CLOSE).chunked());
    breaks_off(&coded("<c:river></c:rivers>"));
    breaks_off(&coded("").chunked());
}

#[test]
fn of_a_multipart_reply_the_root_is_judged_and_the_rest_passes() {
    let multipart = |end: &str| {
        let mut reply = Reply::new(SOME, &format!("{end}\r\n--b\r\nContent-Id: <a>\r\n\r\n<<< & no XML\r\n--b--\r\n"));
        reply.headers = String::from("Content-Type: multipart/related; boundary=b; type=\"text/xml\"\r\n");
        reply.begin = format!("--b\r\nContent-Type: text/xml\r\n\r\n{OPEN}").into();
        reply
    };
    passes(&multipart(CLOSE));
    passes(&multipart(CLOSE).chunked());
    breaks_off(&multipart("</c:GetCityResponse></s:Body>"));
    breaks_off(&multipart("</c:a>").chunked());
}

#[test]
fn over_http2_the_stream_is_reset() {
    for (end, complete) in [(CLOSE, true), ("</c:a>", false), ("", false)] {
        let (gateway, _) = before(&Reply::new(SOME, end));
        let address = gateway.address;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let outcome = runtime.block_on(async move {
            let stream = tokio::net::TcpStream::connect(address).await.expect("a connection");
            let io = hyper_util::rt::TokioIo::new(stream);
            let (mut sender, connection) =
                hyper::client::conn::http2::handshake(hyper_util::rt::TokioExecutor::new(), io).await.expect("HTTP/2");
            tokio::spawn(connection);
            let request = http::Request::post(format!("http://{address}/Cities")).header("content-type", "text/xml");
            let body = http_body_util::Full::new(bytes::Bytes::from_static(REQUEST.as_bytes()));
            let reply = sender.send_request(request.body(body).expect("a request")).await.expect("a reply");
            http_body_util::BodyExt::collect(reply.into_body()).await.map(|body| body.to_bytes().len())
        });
        match outcome {
            Ok(length) => assert!(complete && length == Reply::new(SOME, end).len(), "{end}"),
            Err(error) => assert!(!complete, "{end}: {error}"),
        }
    }
}

/// What was logged in this process.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("not poisoned").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn the_log_says_why_a_transfer_broke_off() {
    let log = Log::default();
    let written = log.clone();
    tracing_subscriber::fmt().with_writer(move || written.clone()).try_init().expect("the only one in this process");
    breaks_off(&Reply::new(SOME, "<!DOCTYPE late>"));
    let text = String::from_utf8(log.0.lock().expect("not poisoned").clone()).expect("text");
    let line = text.lines().find(|line| line.contains("doctype")).unwrap_or_else(|| panic!("no such line: {text}"));
    assert!(line.contains("broke off") && line.contains("upstream") && !line.contains("Duero"), "{line}");
}
