//! Connecting to an upstream: TCP, and TLS where the URL says https.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::ServerName;
use rustls::pki_types::pem::PemObject;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::exchange::stage::Endpoint;
use crate::gateway::outgoing::Outgoing;

/// A connection that requests can be sent on.
pub(crate) type Sender = http1::SendRequest<Outgoing>;

/// How to speak TLS: the public roots, and those in `pem` besides.
///
/// # Errors
/// In words: what is wrong with the PEM text.
pub(crate) fn client_tls(pem: Option<&[u8]>) -> Result<Arc<ClientConfig>, String> {
    let mut roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    if let Some(pem) = pem {
        let mut count = 0;
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|error| format!("not a PEM certificate: {error}"))?;
            roots.add(certificate).map_err(|error| format!("a certificate cannot be used as a root: {error}"))?;
            count += 1;
        }
        if count == 0 {
            return Err(String::from("no certificate found, expected PEM text with '-----BEGIN CERTIFICATE-----'"));
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Arc::new(config))
}

/// Opens a connection and drives it on this core until it closes.
pub(crate) async fn connect(endpoint: &Endpoint, tls: &Arc<ClientConfig>, limit: Duration) -> io::Result<Sender> {
    tokio::time::timeout(limit, open(endpoint, tls))
        .await
        .unwrap_or_else(|_| Err(io::Error::new(io::ErrorKind::TimedOut, format!("no connection within {} ms", limit.as_millis()))))
}

async fn open(endpoint: &Endpoint, tls: &Arc<ClientConfig>) -> io::Result<Sender> {
    let stream = TcpStream::connect((&*endpoint.host, endpoint.port)).await?;
    stream.set_nodelay(true)?;
    if !endpoint.tls {
        return shake_hands(TokioIo::new(stream)).await;
    }
    let name = ServerName::try_from(endpoint.host.to_string()).map_err(|error| io::Error::new(io::ErrorKind::InvalidInput, error))?;
    let stream = TlsConnector::from(Arc::clone(tls)).connect(name, stream).await?;
    shake_hands(TokioIo::new(stream)).await
}

async fn shake_hands<T>(io: T) -> io::Result<Sender>
where
    T: hyper::rt::Read + hyper::rt::Write + Unpin + 'static,
{
    let (sender, connection) = http1::Builder::new().handshake(io).await.map_err(io::Error::other)?;
    tokio::task::spawn_local(async move {
        // Its end is seen by whoever waits for a reply on it; an idle connection may end without a word.
        let _ = connection.await;
    });
    Ok(sender)
}
