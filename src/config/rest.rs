//! `rest: "GET /{OrderId}?lang={Options/@lang}"`: the verb and path of an operation, and what of the request's JSON they hold.
//!
//! A parameter in braces is a path into the JSON of the request, its names parted by `/`. Knows nothing of the operation's schema.

use std::fmt;

/// The verb and path of an operation, below the path of its service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rest {
    /// GET, POST, PUT, PATCH or DELETE.
    pub method: &'static str,
    /// The segments of the path.
    pub path: Vec<Segment>,
    /// The parameters of the query, by name.
    pub query: Vec<(String, Parameter)>,
}

/// A segment of a path.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Segment {
    /// These characters.
    Literal(String),
    /// A value of the request.
    Parameter(Parameter),
}

/// A path into the request's JSON: the names of properties from the root on.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Parameter(pub Vec<String>);

/// The verbs of a route.
pub const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

impl Rest {
    /// Reads a verb and path.
    ///
    /// # Errors
    /// In words, the first thing that is not written as it must be.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (rest, faults) = Self::read(text);
        faults.into_iter().next().map_or(Ok(rest), Err)
    }

    /// Reads a verb and path as far as it can be read; all that is not written as it must be, in words.
    #[must_use]
    pub fn read(text: &str) -> (Self, Vec<String>) {
        let mut faults = Vec::new();
        let Some((written, rest)) = text.trim().split_once(' ') else {
            faults.push(String::from("expected a verb and a path, such as \"GET /{OrderId}\""));
            return (Self { method: "POST", path: Vec::new(), query: Vec::new() }, faults);
        };
        let method = METHODS.iter().find(|known| **known == written);
        if method.is_none() {
            faults.push(format!("found the verb '{written}', expected one of {}", METHODS.join(", ")));
        }
        let (path, query) = split_query(rest.trim());
        if !path.starts_with('/') {
            faults.push(format!("found the path '{path}', expected it to begin with /"));
        }
        let segments = rejoin(path.strip_prefix('/').unwrap_or(path).split_terminator('/').collect());
        let mut keep = |read: Result<Segment, String>| read.map_err(|fault| faults.push(fault)).ok();
        let path = segments.iter().filter_map(|segment| keep(Segment::parse(segment))).collect();
        let pairs = query.map(|query| query.split('&')).into_iter().flatten();
        let query = pairs.filter_map(|pair| query_parameter(pair).map_err(|fault| faults.push(fault)).ok()).collect();
        let rest = Self { method: method.copied().unwrap_or("POST"), path, query };
        faults.extend(rest.parameters_differ().err());
        (rest, faults)
    }

    /// All parameters, those of the path first.
    pub fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        let of_path = self.path.iter().filter_map(|segment| match segment {
            Segment::Parameter(parameter) => Some(parameter),
            Segment::Literal(_) => None,
        });
        of_path.chain(self.query.iter().map(|(_, parameter)| parameter))
    }

    /// Whether a request with this verb has a body.
    #[must_use]
    pub fn has_body(&self) -> bool {
        !matches!(self.method, "GET" | "DELETE")
    }

    /// Whether two routes would take the same requests: verb and path, parameters alike.
    #[must_use]
    pub fn clashes(&self, other: &Self) -> bool {
        self.method == other.method
            && self.path.len() == other.path.len()
            && self.path.iter().zip(&other.path).all(|pair| match pair {
                (Segment::Literal(one), Segment::Literal(two)) => one == two,
                (Segment::Parameter(_), Segment::Parameter(_)) => true,
                (Segment::Literal(_), Segment::Parameter(_)) | (Segment::Parameter(_), Segment::Literal(_)) => false,
            })
    }

    fn parameters_differ(&self) -> Result<(), String> {
        let all: Vec<_> = self.parameters().collect();
        for (at, one) in all.iter().enumerate() {
            for other in all.iter().skip(at + 1) {
                if one.0.starts_with(&other.0) || other.0.starts_with(&one.0) {
                    return Err(format!("found {{{one}}} and {{{other}}}, expected each value once"));
                }
            }
        }
        let mut names: Vec<_> = self.query.iter().map(|(name, _)| name).collect();
        names.sort();
        match names.windows(2).find(|pair| pair.first() == pair.last()).and_then(|pair| pair.first()) {
            Some(name) => Err(format!("found the query parameter '{name}' twice, expected each name once")),
            None => Ok(()),
        }
    }
}

/// Path and query; a question mark in braces is none.
fn split_query(text: &str) -> (&str, Option<&str>) {
    let mut depth = 0_u32;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '?' if depth == 0 => return (&text[..at], text.get(at + 1..)),
            _ => {}
        }
    }
    (text, None)
}

/// Slashes in braces part names, not segments.
fn rejoin(parts: Vec<&str>) -> Vec<String> {
    let mut segments: Vec<String> = Vec::new();
    let mut open = false;
    for part in parts {
        match segments.last_mut().filter(|_| open) {
            Some(last) => {
                last.push('/');
                last.push_str(part);
            }
            None => segments.push(part.to_owned()),
        }
        let last = segments.last().map_or("", String::as_str);
        open = last.matches('{').count() > last.matches('}').count();
    }
    segments
}

fn query_parameter(text: &str) -> Result<(String, Parameter), String> {
    let (name, value) = text.split_once('=').ok_or_else(|| format!("found '{text}' in the query, expected name={{path}}"))?;
    if name.is_empty() || !name.chars().all(is_literal) {
        return Err(format!("found the query parameter '{name}', expected a name of letters, digits, - . _ ~ $ @"));
    }
    match Segment::parse(value)? {
        Segment::Parameter(parameter) => Ok((name.to_owned(), parameter)),
        Segment::Literal(_) => Err(format!("found '{value}' in the query, expected a path into the JSON in braces: {{path}}")),
    }
}

fn is_literal(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._~$@".contains(c)
}

impl Segment {
    fn parse(text: &str) -> Result<Self, String> {
        if let Some(inner) = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            let names: Vec<String> = inner.split('/').map(str::to_owned).collect();
            if names.iter().any(|name| name.is_empty() || name.contains(['{', '}'])) {
                return Err(format!("found {text}, expected the names of properties parted by /, such as {{Customer/Id}}"));
            }
            return Ok(Self::Parameter(Parameter(names)));
        }
        if text.is_empty() || text == "." || text == ".." || !text.chars().all(is_literal) {
            return Err(format!("found '{text}' in the path, expected letters, digits, - . _ ~ $ @, or a parameter alone: {{name}}"));
        }
        Ok(Self::Literal(text.to_owned()))
    }
}

impl fmt::Display for Parameter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("/"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parameter(path: &str) -> Parameter {
        Parameter(path.split('/').map(str::to_owned).collect())
    }

    #[test]
    fn verb_path_and_query_are_taken_apart() {
        let rest = Rest::parse("GET /orders/{Key/OrderId}?lang={Options/@lang}&page={$headers/Paging/Page}").expect("good");
        assert_eq!(rest.method, "GET");
        assert_eq!(rest.path, [Segment::Literal("orders".into()), Segment::Parameter(parameter("Key/OrderId"))]);
        assert_eq!(rest.query[0], ("lang".into(), parameter("Options/@lang")));
        assert_eq!(rest.query[1], ("page".into(), parameter("$headers/Paging/Page")));
        assert!(!rest.has_body());
        assert_eq!(Rest::parse("POST /").expect("good").path, []);
    }

    #[test]
    fn what_is_no_route_is_refused_in_words() {
        for (text, word) in [
            ("/orders", "verb"),
            ("FETCH /orders", "FETCH"),
            ("GET orders", "begin with /"),
            ("GET /a b", "path"),
            ("GET /{a}{b}", "properties"),
            ("GET /v{a}", "path"),
            ("GET /{a//b}", "properties"),
            ("GET /../x", "path"),
            ("GET /x?lang", "name="),
            ("GET /x?lang=en", "braces"),
            ("GET /{a}/{a}", "once"),
            ("GET /{a}?x={a/b}", "once"),
            ("GET /x?y={a}&y={b}", "twice"),
        ] {
            assert!(Rest::parse(text).is_err_and(|error| error.contains(word)), "{text}: {:?}", Rest::parse(text));
        }
    }

    #[test]
    fn all_that_is_wrong_is_told_and_what_can_be_read_is_kept() {
        let (rest, faults) = Rest::read("FETCH x/{a}/{b}{c}?d=e&f={g}");
        assert_eq!(faults.len(), 4, "{faults:?}");
        assert_eq!(rest.parameters().map(ToString::to_string).collect::<Vec<_>>(), ["a", "g"]);
    }

    #[test]
    fn routes_clash_when_the_same_requests_fit_both() {
        let rest = |text: &str| Rest::parse(text).expect("good");
        assert!(rest("GET /{a}").clashes(&rest("GET /{b}")));
        assert!(!rest("GET /{a}").clashes(&rest("GET /b")));
        assert!(!rest("GET /{a}").clashes(&rest("PUT /{a}")));
    }
}
