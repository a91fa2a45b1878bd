//! The mock on the wire: SOAP by POST on any path, its WSDL by GET.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;

use bytes::Bytes;
use http::Method;
use http::Request;
use http::Response;
use http::StatusCode;
use http::header;
use http_body_util::BodyExt;
use http_body_util::Full;
use http_body_util::Limited;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::TokioExecutor;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::Mock;
use super::Reply;
use crate::wsdl::publish;

/// How long a request may be.
const LIMIT: usize = 10 * 1024 * 1024;

/// A mock that runs on a thread of its own, until it is dropped.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

/// Starts a mock; when this returns, it listens.
///
/// # Errors
/// If it cannot listen there, or the system gives no thread.
pub fn start(mock: Mock, address: SocketAddr) -> io::Result<Running> {
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (stop, stopped) = oneshot::channel::<()>();
    thread::Builder::new().name(String::from("mock")).spawn(move || {
        runtime.block_on(async {
            let Ok(listener) = TcpListener::from_std(listener) else { return };
            tokio::select! {
                () = serve(listener, Arc::new(mock)) => {}
                _ = stopped => {}
            }
        });
    })?;
    Ok(Running { address, _stop: stop })
}

async fn serve(listener: TcpListener, mock: Arc<Mock>) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        // A failed accept (out of files, a peer that is gone already) is no reason to stop.
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
            continue;
        };
        let _ = stream.set_nodelay(true);
        let mock = Arc::clone(&mock);
        connections.spawn(async move {
            let service = service_fn(|request| {
                let mock = Arc::clone(&mock);
                async move { answer(&mock, request).await }
            });
            // What a connection dies of is the caller's matter; nobody is left to tell.
            let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn answer(mock: &Mock, request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let reply = match *request.method() {
        Method::POST => post(mock, request).await,
        Method::GET | Method::HEAD => document(mock, &request),
        _ => plain(405, "POST a SOAP message, or GET ?wsdl\n"),
    };
    let mut response = Response::builder().status(StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
    if let Some(content_type) = reply.content_type {
        response = response.header(header::CONTENT_TYPE, content_type);
    }
    Ok(response.body(Full::new(Bytes::from(reply.body))).unwrap_or_default())
}

async fn post(mock: &Mock, request: Request<Incoming>) -> Reply {
    let text = |name| request.headers().get(name).and_then(|value: &http::HeaderValue| value.to_str().ok()).unwrap_or_default().to_owned();
    let content_type = text("content-type");
    let action = text("soapaction");
    match Limited::new(request.into_body(), LIMIT).collect().await {
        Ok(body) => mock.answer(&content_type, &action, &body.to_bytes()),
        Err(_) => plain(413, "the request is too long or broke off\n"),
    }
}

/// `?wsdl`, `?wsdl=N`, `?xsd=N`, with the addresses that the caller used.
fn document(mock: &Mock, request: &Request<Incoming>) -> Reply {
    let query = request.uri().query().unwrap_or_default().to_ascii_lowercase();
    let (kind, number) = query.split_once('=').unwrap_or((&query, "0"));
    let host = request.headers().get(header::HOST).and_then(|value| value.to_str().ok()).unwrap_or("localhost");
    let base = format!("http://{host}{}", request.uri().path());
    let text = match (kind, number.parse::<u32>()) {
        ("wsdl" | "xsd", Ok(number)) => publish::document(&mock.codec().contract, number, &base),
        _ => None,
    };
    match text {
        Some(text) => Reply { status: 200, content_type: Some("text/xml; charset=utf-8"), body: text },
        None => plain(404, "POST a SOAP message, or GET ?wsdl\n"),
    }
}

fn plain(status: u16, text: &str) -> Reply {
    Reply { status, content_type: Some("text/plain; charset=utf-8"), body: text.into() }
}
