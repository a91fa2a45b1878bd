//! The SOAP servers of a configuration: where they are, whom castile trusts there and how it identifies itself.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use data_encoding::BASE64;
use http::HeaderName;
use http::HeaderValue;
use http::header;
use rustls::ClientConfig;

use crate::config::file;
use crate::config::join;
use crate::exchange::stage::Endpoint;
use crate::gateway::configured::Builder;
use crate::gateway::connect::client_tls;
use crate::gateway::plan::Upstream;

/// Stands for an address that is spoilt, so that what does not depend on it can be judged.
const NOWHERE: &str = "http://localhost/";

impl<'c> Builder<'c> {
    /// Judges the servers, shared ones and those of a single service, each once however many ports lead there.
    pub(super) fn servers(&mut self) {
        let config = self.config;
        for (name, shared) in &config.file.upstreams {
            self.server(&shared.endpoints, &shared.tls, &join("/upstreams", name));
        }
        for (name, service) in &config.file.services {
            if let Some(own) = &service.upstream {
                let at = format!("{}/upstream", join("/services", name));
                self.server(own.endpoints.as_deref().unwrap_or_default(), &own.tls, &at);
            }
        }
    }

    fn server(&mut self, endpoints: &[file::Endpoint], tls: &file::Tls, at: &str) {
        for (number, endpoint) in endpoints.iter().enumerate() {
            let fragment = endpoint
                .url
                .contains('#')
                .then(|| String::from("an upstream URL has no fragment: no request would carry what follows '#'"));
            if let Some(message) = fragment.or_else(|| Endpoint::parse(&endpoint.url).err()) {
                self.bad_value(&format!("{at}/endpoints/{number}/url"), "bad-upstream", message);
            }
        }
        if let Some(file) = &tls.roots {
            let pointer = format!("{at}/tls/roots");
            if !self.spoilt.at(&pointer)
                && let Err(message) = self.trusted(file)
            {
                self.bad_value(&pointer, "bad-roots", message);
            }
        }
    }

    /// The shared server that a service uses.
    fn shared(&self, given: &'c file::Service) -> Option<(&'c str, &'c file::Upstream)> {
        let name = given.upstream.as_ref()?.r#use.as_ref()?;
        self.config.file.upstreams.get(name).map(|shared| (name.as_str(), shared))
    }

    /// The file of roots that a service's upstream trusts, and its pointer.
    pub(super) fn roots(&self, given: &'c file::Service, at: &str) -> Option<(&'c str, String)> {
        let own = given.upstream.as_ref().and_then(|own| own.tls.roots.as_deref());
        let shared = || self.shared(given).and_then(|(name, shared)| Some((name, shared.tls.roots.as_deref()?)));
        match own {
            Some(file) => Some((file, format!("{at}/upstream/tls/roots"))),
            None => shared().map(|(name, file)| (file, format!("{}/tls/roots", join("/upstreams", name)))),
        }
    }

    /// Whether it is known whom a service's upstream trusts.
    pub(super) fn trusts(&self, given: &'c file::Service, at: &str) -> bool {
        let shared = self.shared(given).map(|(name, _)| join("/upstreams", name));
        let used = given.upstream.as_ref().is_none_or(|own| own.r#use.is_none()) || shared.is_some();
        let places = [Some(format!("{at}/upstream")), shared];
        used && places.into_iter().flatten().all(|place| !self.spoilt.at(&place) && !self.spoilt.within(&format!("{place}/tls")))
    }

    /// Whether it is spoilt where the server of a service is.
    fn is_lost(&self, given: &file::Service, at: &str) -> bool {
        let own = format!("{at}/upstream");
        let unknown =
            given.upstream.as_ref().and_then(|own| own.r#use.as_ref()).is_some_and(|name| !self.config.file.upstreams.contains_key(name));
        unknown || self.spoilt.at(&own) || self.spoilt.at(&format!("{own}/use")) || self.spoilt.within(&format!("{own}/endpoints"))
    }

    /// The SOAP server of a port; somewhere else where it is spoilt.
    pub(super) fn upstream(&mut self, given: &'c file::Service, address: Option<&str>, port: &str, at: &str) -> Option<Upstream> {
        let none = file::ServiceUpstream::default();
        let own = given.upstream.as_ref().unwrap_or(&none);
        let shared = self.shared(given).map(|(_, shared)| shared);
        let endpoints = own.endpoints.as_ref().or(shared.map(|shared| &shared.endpoints));
        let endpoint = match endpoints.and_then(|list| list.first()) {
            // What is wrong with it has been told where it stands.
            Some(endpoint) => Endpoint::parse(&endpoint.url).ok(),
            None if self.is_lost(given, at) => None,
            None => self.address(address, port, at),
        };
        let endpoint = endpoint.or_else(|| Endpoint::parse(NOWHERE).ok())?;
        let time = |pick: fn(&file::Timeouts) -> Option<crate::config::units::Time>, default| {
            pick(&own.timeouts).or_else(|| shared.and_then(|shared| pick(&shared.timeouts))).map_or(default, |time| time.0)
        };
        let connect = time(|timeouts| timeouts.connect, self.times.connect);
        let first_byte = time(|timeouts| timeouts.first_byte, self.times.first_byte);
        let total = time(|timeouts| timeouts.total, self.times.total);
        let mut all: BTreeMap<&str, &str> =
            shared.into_iter().flat_map(|shared| &shared.headers).map(|(name, value)| (name.as_str(), value.reveal())).collect();
        all.extend(own.headers.iter().map(|(name, value)| (name.as_str(), value.reveal())));
        let mut headers: Vec<(HeaderName, HeaderValue)> =
            all.into_iter().filter_map(|(name, value)| Some((HeaderName::from_bytes(name.as_bytes()).ok()?, secret(value)?))).collect();
        let auth = own.auth.as_ref().or_else(|| shared.and_then(|shared| shared.auth.as_ref()));
        if let Some(basic) = auth.and_then(|auth| auth.basic.as_ref()) {
            let credentials = BASE64.encode(format!("{}:{}", basic.user, basic.password.reveal()).as_bytes());
            headers.extend(secret(&format!("Basic {credentials}")).map(|value| (header::AUTHORIZATION, value)));
        }
        let roots = self.roots(given, at).map(|(file, _)| file);
        let tls = roots.and_then(|file| self.trusted(file).ok());
        // Connections that trust others are no substitute for each other.
        let origin = roots.map_or_else(|| Arc::clone(&endpoint.origin), |file| format!("{} trusting {file}", endpoint.origin).into());
        Some(Upstream { endpoint: Arc::new(Endpoint { origin, ..endpoint }), connect, first_byte, total, headers, tls })
    }

    /// Where a port is by the WSDL.
    fn address(&mut self, address: Option<&str>, port: &str, at: &str) -> Option<Endpoint> {
        let (code, message) = match address.map(Endpoint::parse) {
            Some(Ok(endpoint)) => return Some(endpoint),
            Some(Err(message)) => (
                "bad-upstream",
                format!("the address of port '{port}' in the WSDL is of no use: {message}; say with 'upstream' where the service is"),
            ),
            None => ("no-upstream", format!("the WSDL names no address for port '{port}': say with 'upstream' where the service is")),
        };
        self.fault(at, code, message);
        // One `upstream` mends it for all ports.
        self.spoilt.add(format!("{at}/upstream"));
        None
    }

    /// Whom to trust by a file of roots, read once.
    fn trusted(&mut self, file: &str) -> Result<Arc<ClientConfig>, String> {
        let path = self.folder.join(file);
        self.trust.entry(file.to_owned()).or_insert_with(|| read(&path)).clone()
    }
}

fn read(path: &Path) -> Result<Arc<ClientConfig>, String> {
    let pem = std::fs::read(path).map_err(|error| format!("{}: cannot read: {error}", path.display()))?;
    client_tls(Some(&pem)).map_err(|message| format!("{}: {message}", path.display()))
}

/// A header's value that no log shows.
fn secret(text: &str) -> Option<HeaderValue> {
    let mut value = HeaderValue::from_str(text).ok()?;
    value.set_sensitive(true);
    Some(value)
}
