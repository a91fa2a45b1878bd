//! `/`: which services there are.

use std::fmt::Write;

use super::html::escape;
use super::html::page as frame;
use super::html::path_encode;
use crate::gateway::pages::Shown;
use crate::wsdl::contract::Status;

/// The page for all services of all contracts.
pub(super) fn page(base: &str, services: &[Shown<'_>]) -> String {
    let mut body = String::from("<h1>castile</h1>\n<p>SOAP services, as they were and as REST with JSON.</p>\n");
    body.push_str("<table>\n<tr><th>Service</th><th>Operations</th><th>For SOAP callers</th></tr>\n");
    for service in services {
        row(&mut body, base, service);
    }
    body.push_str("</table>\n");
    frame("castile", &body)
}

fn row(body: &mut String, base: &str, shown: &Shown<'_>) {
    let service = shown.service;
    let link = escape(&format!("{base}{}", path_encode(shown.path)));
    let about = service.documentation.as_deref().map(|text| format!("<br><span class=\"quiet\">{}</span>", escape(text.trim())));
    let _ = writeln!(
        body,
        "<tr><td><a href=\"{link}\">{}</a>{}</td><td>{}</td><td><a href=\"{link}?wsdl\">WSDL</a></td></tr>",
        escape(shown.name),
        about.unwrap_or_default(),
        escape(&counts(shown)),
    );
}

/// `3 served, 1 refused`.
fn counts(shown: &Shown<'_>) -> String {
    if shown.ports.is_empty() {
        return String::from("no SOAP port");
    }
    let operations = shown.operations();
    let kinds = [(Status::Served, "served"), (Status::Degraded, "degraded"), (Status::Refused, "refused")];
    let told = kinds.iter().filter_map(|(status, word)| {
        let count = operations.iter().filter(|listed| listed.operation.verdict.status == *status).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    told.collect::<Vec<_>>().join(", ")
}
