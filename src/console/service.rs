//! `/{Service}`: the operations of a service, with samples and curl lines.

use std::fmt::Write;

use super::html::escape;
use super::html::page as frame;
use super::html::path_encode;
use super::html::shell_quote;
use super::pretty;
use super::sample;
use super::sample::Sample;
use crate::transcode::Codec;
use crate::transcode::Direction;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Port;
use crate::wsdl::contract::Service;
use crate::wsdl::contract::SoapVersion;
use crate::wsdl::contract::Status;

/// The page of one service.
pub(super) fn page(base: &str, codec: &Codec, service: &Service) -> String {
    let url = format!("{base}/{}", path_encode(&service.name));
    let mut body = format!("<p><a href=\"{}/\">All services</a></p>\n<h1>{}</h1>\n", escape(base), escape(&service.name));
    documentation(&mut body, service.documentation.as_deref());
    let _ = writeln!(
        body,
        "<p>REST: <code>POST {0}/{{Operation}}</code> with JSON. SOAP: <code>POST {0}</code>, described by \
         <a href=\"{0}?wsdl\">the WSDL</a>.</p>",
        escape(&url)
    );
    match service.ports.iter().find_map(|port| Some((port, port.soap?))) {
        None => body.push_str("<p>This service has no SOAP port, so there is nothing to call.</p>\n"),
        Some((port, version)) => operations(&mut body, &url, codec, port, version),
    }
    frame(&service.name, &body)
}

fn operations(body: &mut String, url: &str, codec: &Codec, port: &Port, version: SoapVersion) {
    body.push_str("<table>\n<tr><th>Operation</th><th>Verdict</th></tr>\n");
    for operation in &port.operations {
        let _ = writeln!(
            body,
            "<tr><td><a href=\"#{0}\">{0}</a></td><td>{1}</td></tr>",
            escape(&operation.route),
            verdict(operation.verdict.status)
        );
    }
    body.push_str("</table>\n");
    for operation in &port.operations {
        one(body, url, codec, operation, version);
    }
}

fn one(body: &mut String, url: &str, codec: &Codec, operation: &Operation, version: SoapVersion) {
    let _ = writeln!(body, "<h2 id=\"{0}\">{0} {1}</h2>", escape(&operation.route), verdict(operation.verdict.status));
    documentation(body, operation.documentation.as_deref());
    reasons(body, operation);
    if operation.verdict.status == Status::Refused {
        return;
    }
    if let Some(sample) = sample::of(codec, operation, Direction::Request, version) {
        let address = format!("{url}/{}", path_encode(&operation.route));
        let curl = format!("curl -s {} -H 'Content-Type: application/json' -d {}", shell_quote(&address), shell_quote(&sample.json));
        let _ = writeln!(body, "<pre><code>{}</code></pre>", escape(&curl));
        forms(body, "Request", &sample);
    }
    if operation.one_way {
        body.push_str("<p>No reply: the answer is 202 without a body.</p>\n");
    } else if let Some(sample) = sample::of(codec, operation, Direction::Reply, version) {
        forms(body, "Reply", &sample);
    }
    if !operation.faults.is_empty() {
        let names: Vec<_> = operation.faults.iter().map(|fault| format!("<code>{}</code>", escape(&fault.name))).collect();
        let _ = writeln!(body, "<p>Declared faults: {}.</p>", names.join(", "));
    }
}

fn forms(body: &mut String, title: &str, sample: &Sample) {
    let _ = writeln!(
        body,
        "<details open><summary>{title} as JSON</summary><pre><code>{}</code></pre></details>\n\
         <details><summary>{title} as SOAP</summary><pre><code>{}</code></pre></details>",
        escape(&pretty::json(&sample.json)),
        escape(&pretty::xml(&sample.soap)),
    );
}

fn reasons(body: &mut String, operation: &Operation) {
    if operation.verdict.reasons.is_empty() {
        return;
    }
    body.push_str("<ul>\n");
    for reason in &operation.verdict.reasons {
        let _ = writeln!(body, "<li>{} <span class=\"quiet\">({})</span></li>", escape(&reason.message), escape(reason.code));
    }
    body.push_str("</ul>\n");
}

fn documentation(body: &mut String, text: Option<&str>) {
    for paragraph in text.unwrap_or_default().split("\n\n").map(str::trim).filter(|text| !text.is_empty()) {
        let _ = writeln!(body, "<p>{}</p>", escape(paragraph));
    }
}

fn verdict(status: Status) -> String {
    let word = match status {
        Status::Served => "served",
        Status::Degraded => "degraded",
        Status::Refused => "refused",
    };
    format!("<span class=\"verdict {word}\">{word}</span>")
}
