//! A bare hyper proxy: hyper's server, hyper-util's pooled client, bodies streamed through. What castile is measured against.
//!
//! `bare_proxy LISTEN UPSTREAM`, both as host:port.

use hyper::Request;
use hyper::Uri;
use hyper::body::Incoming;
use hyper::header::HOST;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    let [_, listen, upstream] = args.as_slice() else { panic!("usage: bare_proxy LISTEN UPSTREAM") };
    let listener = TcpListener::bind(listen).await.expect("a free port");
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    let client: Client<HttpConnector, Incoming> = Client::builder(TokioExecutor::new()).build(connector);
    let upstream: &'static str = upstream.clone().leak();
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let _ = stream.set_nodelay(true);
        let client = client.clone();
        tokio::spawn(async move {
            let service = service_fn(move |mut request: Request<Incoming>| {
                let path = request.uri().path_and_query().map_or("/", |path| path.as_str());
                let uri = Uri::builder().scheme("http").authority(upstream).path_and_query(path).build();
                *request.uri_mut() = uri.expect("parts of a good URI");
                request.headers_mut().remove(HOST);
                client.request(request)
            });
            let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
        });
    }
}
