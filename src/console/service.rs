//! `/{Service}`: the operations of a service, with samples and curl lines.

use std::fmt::Write;

use super::html::escape;
use super::html::page as frame;
use super::html::path_encode;
use super::html::shell_quote;
use super::pretty;
use crate::gateway::pages::Listed;
use crate::gateway::pages::Shown;
use crate::gateway::pages::Way;
use crate::gateway::resource::RestRoute;
use crate::json::pretty::indent;
use crate::transcode::Direction;
use crate::transcode::example::Example;
use crate::transcode::example::Examples;
use crate::transcode::example::Placed;
use crate::transcode::parameter::Place;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Status;

/// The page of one service.
pub(super) fn page(base: &str, shown: &Shown<'_>) -> String {
    let service = shown.service;
    let url = format!("{base}{}", path_encode(shown.path));
    let mut body = format!("<p><a href=\"{}/\">All services</a></p>\n<h1>{}</h1>\n", escape(base), escape(shown.name));
    documentation(&mut body, service.documentation.as_deref());
    let operations = shown.operations();
    let _ = writeln!(
        body,
        "<p>REST: {1}, described by <a href=\"{0}/openapi.json\">OpenAPI</a>. \
         SOAP: <code>POST {0}</code>, described by <a href=\"{0}?wsdl\">the WSDL</a>.</p>",
        escape(&url),
        rest(&url, &operations),
    );
    if shown.can_be_tried() && !shown.ways.is_empty() {
        let _ = writeln!(body, "<p><a href=\"{}/try\">Try it in the browser</a></p>", escape(&url));
    }
    if shown.ports.is_empty() {
        body.push_str("<p>This service has no SOAP port, so there is nothing to call.</p>\n");
    } else {
        list(&mut body, &url, shown, &operations);
    }
    frame(shown.name, &body)
}

/// Where REST callers go: all by the names of operations, or as the operator chose.
fn rest(url: &str, operations: &[Listed<'_>]) -> String {
    let ways = || operations.iter().filter_map(|listed| listed.way);
    let named = format!("<code>POST {}/{{Operation}}</code> with JSON", escape(url));
    let chosen = "the verb and path that stand with an operation below";
    match (ways().any(|way| way.chosen.is_none()), ways().any(|way| way.chosen.is_some())) {
        (_, false) => named,
        (true, true) => format!("{named}, or {chosen}"),
        (false, true) => format!("{chosen}, with JSON"),
    }
}

fn list(body: &mut String, url: &str, shown: &Shown<'_>, operations: &[Listed<'_>]) {
    let samples = Examples::new(shown.codec);
    body.push_str("<table>\n<tr><th>Operation</th><th>Verdict</th></tr>\n");
    for Listed { operation, .. } in operations {
        let _ = writeln!(
            body,
            "<tr><td><a href=\"#{0}\">{0}</a></td><td>{1}</td></tr>",
            escape(&operation.route),
            verdict(operation.verdict.status)
        );
    }
    body.push_str("</table>\n");
    for listed in operations {
        one(body, url, &samples, *listed);
    }
}

fn one(body: &mut String, url: &str, samples: &Examples<'_>, Listed { operation, version, way }: Listed<'_>) {
    let _ = writeln!(body, "<h2 id=\"{0}\">{0} {1}</h2>", escape(&operation.route), verdict(operation.verdict.status));
    documentation(body, operation.documentation.as_deref());
    reasons(body, operation);
    let Some(way) = way.filter(|_| operation.verdict.status != Status::Refused) else { return };
    match way.chosen {
        None => by_name(body, url, way, samples.of(operation, Direction::Request, version)),
        Some(route) => {
            let in_query: Vec<&Place> = route.in_query().iter().map(|(_, place)| *place).collect();
            let placed = samples.placed(operation, version, (&route.in_path(), &in_query), route.has_body());
            at_place(body, url, way, route, placed);
        }
    }
    if operation.one_way {
        body.push_str("<p>No reply: the answer is 202 without a body.</p>\n");
    } else if let Some(sample) = samples.of(operation, Direction::Reply, version) {
        forms(body, "Reply", Some(&sample.json), &sample.soap);
    }
    if !operation.faults.is_empty() {
        let names: Vec<_> = operation.faults.iter().map(|fault| format!("<code>{}</code>", escape(&fault.name))).collect();
        let _ = writeln!(body, "<p>Declared faults: {}.</p>", names.join(", "));
    }
}

/// An operation at `POST` and its name.
fn by_name(body: &mut String, url: &str, way: &Way<'_>, sample: Option<Example>) {
    let Some(sample) = sample else { return };
    curl(body, way.method, &format!("{url}{}", path_encode(&way.path)), Some(&sample.json));
    forms(body, "Request", Some(&sample.json), &sample.soap);
}

/// An operation at verb and path of the operator's choice: the values of an example stand where they belong.
fn at_place(body: &mut String, url: &str, way: &Way<'_>, route: &RestRoute, placed: Option<Placed>) {
    let _ = writeln!(body, "<p><code>{} {}</code></p>", way.method, escape(&format!("{url}{}", way.path)));
    let Some(placed) = placed else { return };
    curl(body, way.method, &format!("{url}{}", route.address(&placed)), placed.body.as_deref());
    forms(body, "Request", placed.body.as_deref(), &placed.soap);
}

fn curl(body: &mut String, method: &str, address: &str, json: Option<&str>) {
    // What curl does by itself need not be said.
    let implied = if json.is_some() { "POST" } else { "GET" };
    let verb = if method == implied { String::new() } else { format!("-X {method} ") };
    let data = json.map_or_else(String::new, |json| format!(" -H 'Content-Type: application/json' -d {}", shell_quote(json)));
    let line = format!("curl -s {verb}{}{data}", shell_quote(address));
    let _ = writeln!(body, "<pre><code>{}</code></pre>", escape(&line));
}

fn forms(body: &mut String, title: &str, json: Option<&str>, soap: &str) {
    if let Some(json) = json {
        let json = escape(&indent(json));
        let _ = writeln!(body, "<details open><summary>{title} as JSON</summary><pre><code>{json}</code></pre></details>");
    }
    let soap = escape(&pretty::xml(soap));
    let _ = writeln!(body, "<details><summary>{title} as SOAP</summary><pre><code>{soap}</code></pre></details>");
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
        let path = |target: &Target| format!("/{}", target.operation().unwrap().route);
        let ways = targets.iter().map(|target| Way { target, method: "POST", path: path(target), chosen: None }).collect();
        page("http://gateway:8080", &Shown { name: "Cities", path: "/Cities", codec: &codec, service, ports: vec![0], ways })
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
