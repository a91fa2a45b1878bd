//! `/{Service}`: the operations of a service, with samples and curl lines.

use std::fmt::Write;

use super::html::escape;
use super::html::page as frame;
use super::html::path_encode;
use super::html::shell_quote;
use super::pretty;
use crate::gateway::pages::Shown;
use crate::json::pretty::indent;
use crate::transcode::Direction;
use crate::transcode::example::Example;
use crate::transcode::example::Examples;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Port;
use crate::wsdl::contract::SoapVersion;
use crate::wsdl::contract::Status;

/// The page of one service.
pub(super) fn page(base: &str, shown: &Shown<'_>) -> String {
    let service = shown.service;
    let url = format!("{base}{}", path_encode(shown.path));
    let mut body = format!("<p><a href=\"{}/\">All services</a></p>\n<h1>{}</h1>\n", escape(base), escape(shown.name));
    documentation(&mut body, service.documentation.as_deref());
    let _ = writeln!(
        body,
        "<p>REST: <code>POST {0}/{{Operation}}</code> with JSON, described by <a href=\"{0}/openapi.json\">OpenAPI</a>. \
         SOAP: <code>POST {0}</code>, described by <a href=\"{0}?wsdl\">the WSDL</a>.</p>",
        escape(&url)
    );
    if shown.can_be_tried() && !shown.routes.is_empty() {
        let _ = writeln!(body, "<p><a href=\"{}/try\">Try it in the browser</a></p>", escape(&url));
    }
    match service.ports.iter().enumerate().find_map(|(number, port)| Some((number, port, port.soap?))) {
        None => body.push_str("<p>This service has no SOAP port, so there is nothing to call.</p>\n"),
        Some((number, port, version)) => operations(&mut body, &url, shown, (number, port, version)),
    }
    frame(shown.name, &body)
}

fn operations(body: &mut String, url: &str, shown: &Shown<'_>, (number, port, version): (usize, &Port, SoapVersion)) {
    let samples = Examples::new(shown.codec);
    let exposed = |at: usize, operation: &Operation| operation.verdict.status == Status::Refused || shown.route(number, at).is_some();
    let all = || port.operations.iter().enumerate().filter(|(at, operation)| exposed(*at, operation));
    body.push_str("<table>\n<tr><th>Operation</th><th>Verdict</th></tr>\n");
    for (_, operation) in all() {
        let _ = writeln!(
            body,
            "<tr><td><a href=\"#{0}\">{0}</a></td><td>{1}</td></tr>",
            escape(&operation.route),
            verdict(operation.verdict.status)
        );
    }
    body.push_str("</table>\n");
    for (at, operation) in all() {
        one(body, url, &samples, operation, version, shown.route(number, at));
    }
}

fn one(body: &mut String, url: &str, samples: &Examples<'_>, operation: &Operation, version: SoapVersion, route: Option<(&str, &str)>) {
    let _ = writeln!(body, "<h2 id=\"{0}\">{0} {1}</h2>", escape(&operation.route), verdict(operation.verdict.status));
    documentation(body, operation.documentation.as_deref());
    reasons(body, operation);
    let Some((method, path)) = route.filter(|_| operation.verdict.status != Status::Refused) else { return };
    if let Some(sample) = samples.of(operation, Direction::Request, version) {
        if path.contains('{') {
            let _ = writeln!(body, "<p><code>{method} {}</code></p>", escape(&format!("{url}{path}")));
        } else {
            let address = format!("{url}{}", path_encode(path));
            let verb = if method == "POST" { String::new() } else { format!("-X {method} ") };
            let curl =
                format!("curl -s {verb}{} -H 'Content-Type: application/json' -d {}", shell_quote(&address), shell_quote(&sample.json));
            let _ = writeln!(body, "<pre><code>{}</code></pre>", escape(&curl));
        }
        forms(body, "Request", &sample);
    }
    if operation.one_way {
        body.push_str("<p>No reply: the answer is 202 without a body.</p>\n");
    } else if let Some(sample) = samples.of(operation, Direction::Reply, version) {
        forms(body, "Reply", &sample);
    }
    if !operation.faults.is_empty() {
        let names: Vec<_> = operation.faults.iter().map(|fault| format!("<code>{}</code>", escape(&fault.name))).collect();
        let _ = writeln!(body, "<p>Declared faults: {}.</p>", names.join(", "));
    }
}

fn forms(body: &mut String, title: &str, sample: &Example) {
    let _ = writeln!(
        body,
        "<details open><summary>{title} as JSON</summary><pre><code>{}</code></pre></details>\n\
         <details><summary>{title} as SOAP</summary><pre><code>{}</code></pre></details>",
        escape(&indent(&sample.json)),
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

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::exchange::call::Target;
    use crate::schema::load::Fetched;
    use crate::schema::load::ResolveError;
    use crate::schema::load::Resolver;
    use crate::transcode::Codec;
    use crate::wsdl;

    struct Nothing;

    impl Resolver for Nothing {
        fn fetch(&mut self, _: &str, location: &str, _: Option<&str>) -> Result<Fetched, ResolveError> {
            Err(ResolveError { message: format!("cannot read {location}") })
        }
    }

    fn cities(documentation: &str) -> String {
        let wsdl = include_str!("../../wsdl/cities.wsdl").replace("A dozen cities of old Castile.", documentation);
        let codec = Codec::new(Arc::new(wsdl::load::load("cities.wsdl", &wsdl, &mut Nothing).unwrap()));
        let service = &codec.contract.services[0];
        let target = |operation| Target { contract: Arc::clone(&codec.contract), place: 0, service: 0, port: 0, operation };
        let targets: Vec<_> = (0..3).map(target).collect();
        let routes = targets.iter().map(|target| (target, "POST", format!("/{}", target.operation().unwrap().route))).collect();
        page("http://gateway:8080", &Shown { name: "Cities", path: "/Cities", codec: &codec, service, routes })
    }

    #[test]
    fn each_operation_has_a_verdict_a_curl_line_and_samples() {
        let page = cities("");
        for operation in ["GetCity", "FindCities", "GetDistance"] {
            assert!(page.contains(&format!("<h2 id=\"{operation}\">{operation} <span class=\"verdict served\">")), "{page}");
            assert!(page.contains(&format!("curl -s &#39;http://gateway:8080/Cities/{operation}&#39;")), "{page}");
        }
        assert_eq!(page.matches("as JSON</summary>").count(), 6);
        assert!(page.contains("Declared faults: <code>UnknownCity</code>"));
    }

    #[test]
    fn markup_in_the_documentation_of_a_contract_stays_text() {
        let page = cities("&lt;script&gt;alert(1)&lt;/script&gt;");
        assert!(!page.contains("<script"));
        assert!(page.contains("&lt;script&gt;alert(1)"));
    }

    #[test]
    fn a_page_needs_nothing_from_elsewhere() {
        let page = cities("");
        for foreign in ["<script", "<link", "<img", "src=", "@import", "url("] {
            assert!(!page.contains(foreign), "{foreign}");
        }
    }
}
