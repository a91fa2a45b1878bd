//! The load report as a table for people: a row an operation, then each reason once, with the line it is about and a caret.
//!
//! Large contracts stay readable: what many operations share is told in full once, and rows refer to it by number. Lines that
//! begin with `FILE:LINE:COLUMN:` are the only ones that do, so that editors can jump to them.

use std::collections::HashMap;
use std::collections::HashSet;
use std::fmt;
use std::fmt::Write;

use crate::diagnostic::Diagnostic;
use crate::diagnostic::Place;
use crate::diagnostic::Severity;
use crate::diagnostic::SourceId;
use crate::diagnostic::paint::Paint;
use crate::wsdl::contract::Contract;
use crate::wsdl::contract::Operation;
use crate::wsdl::contract::Port;
use crate::wsdl::contract::Status;
use crate::wsdl::report::Counts;
use crate::wsdl::report::status;
use crate::wsdl::report::style;
use crate::wsdl::report::version;

/// Columns of a row.
const WIDTH: usize = 100;
/// Columns of an operation's name beyond which the other columns give way.
const NAME: usize = 48;
/// How many places of one reason, and findings of one kind, show the line they are about.
const EXCERPTS: usize = 3;

/// The report on a contract as a table for people.
#[must_use]
pub fn text(contract: &Contract, paint: Paint) -> String {
    let mut table = Table { contract, paint, reasons: Vec::new(), numbers: HashMap::new(), out: String::new() };
    // Writing to a String cannot fail.
    let _ = table.write();
    table.out
}

struct Table<'c> {
    contract: &'c Contract,
    paint: Paint,
    reasons: Vec<Reason<'c>>,
    /// The reasons by their words.
    numbers: HashMap<&'c str, usize>,
    out: String,
}

/// A reason with the operations that have it and the places where it holds.
#[derive(Default)]
struct Reason<'c> {
    operations: Names<'c>,
    sites: Vec<(&'c Diagnostic, Names<'c>)>,
    /// The sites by their places.
    numbers: HashMap<Option<Place>, usize>,
}

/// Names of operations, each once.
#[derive(Default)]
struct Names<'c> {
    list: Vec<&'c str>,
    known: HashSet<&'c str>,
}

impl<'c> Names<'c> {
    fn add(&mut self, name: &'c str) {
        if self.known.insert(name) {
            self.list.push(name);
        }
    }
}

impl<'c> Table<'c> {
    fn write(&mut self) -> fmt::Result {
        let root = self.contract.sources.get(SourceId(0)).map_or("", |root| &*root.name);
        let counts = Counts::of(self.contract);
        writeln!(self.out, "{}: {counts}", self.paint.bold(root))?;
        for service in &self.contract.services {
            let made = if service.synthetic { " (not in the WSDL: made for what has no port)" } else { "" };
            writeln!(self.out, "\nservice {}{made}", self.paint.bold(&service.name))?;
            for port in &service.ports {
                self.port(port)?;
            }
        }
        self.reasons()?;
        self.findings()
    }

    fn port(&mut self, port: &'c Port) -> fmt::Result {
        let name = self.paint.bold(&port.name);
        let Some(soap) = port.soap else {
            let why = port.passed_over.as_deref().unwrap_or("no SOAP over HTTP");
            return writeln!(self.out, "  port {name}, passed over: {why}");
        };
        writeln!(self.out, "  port {name}, SOAP {}, {} style: {}", version(soap), style(port.style), Counts::of_port(port))?;
        if port.operations.is_empty() {
            return Ok(());
        }
        let widest = port.operations.iter().map(|operation| operation.route.chars().count()).max().unwrap_or(0);
        let width = widest.clamp("operation".len(), NAME);
        let header = format!("{:<width$}  {:<8}  why", "operation", "status");
        writeln!(self.out, "    {}", self.paint.dim(&header))?;
        for operation in &port.operations {
            self.row(operation, width)?;
        }
        Ok(())
    }

    fn row(&mut self, operation: &'c Operation, width: usize) -> fmt::Result {
        let verdict = &operation.verdict;
        let known = self.reasons.len();
        let mut numbers: Vec<usize> = verdict.reasons.iter().map(|reason| self.number(reason, &operation.route)).collect();
        numbers.sort_unstable();
        let worst = match verdict.status {
            Status::Served => Severity::Note,
            Status::Degraded => Severity::Warning,
            Status::Refused => Severity::Error,
        };
        let route = &operation.route;
        let word = self.paint.graded(worst, status(verdict.status));
        write!(self.out, "    {route:<width$}  {word}")?;
        if !numbers.is_empty() {
            let references = references(&numbers);
            let used = 4 + width.max(route.chars().count()) + 2 + 8 + 2 + references.chars().count() + 1;
            // What is told here for the first time has the highest numbers.
            let first = self.reasons.get(known).and_then(|reason| reason.sites.first()).map(|(what, _)| *what);
            let words = first.map_or_else(String::new, |first| format!(" {}", cut(&first.message, WIDTH.saturating_sub(used).max(30))));
            let gap = 8_usize.saturating_sub(status(verdict.status).len()) + 2;
            write!(self.out, "{}{references}{words}", " ".repeat(gap))?;
        }
        writeln!(self.out)
    }

    /// The number of a reason, counted from 0; the operation is noted with it.
    fn number(&mut self, what: &'c Diagnostic, operation: &'c str) -> usize {
        let next = self.reasons.len();
        let number = *self.numbers.entry(&what.message).or_insert(next);
        if number == next {
            self.reasons.push(Reason::default());
        }
        if let Some(reason) = self.reasons.get_mut(number) {
            reason.operations.add(operation);
            let next = reason.sites.len();
            let site = *reason.numbers.entry(what.at).or_insert(next);
            if site == next {
                reason.sites.push((what, Names::default()));
            }
            if let Some((_, names)) = reason.sites.get_mut(site) {
                names.add(operation);
            }
        }
        number
    }

    fn reasons(&mut self) -> fmt::Result {
        if !self.reasons.is_empty() {
            writeln!(self.out, "\n{}", self.paint.bold("reasons"))?;
        }
        for (number, reason) in std::mem::take(&mut self.reasons).into_iter().enumerate() {
            let names = cut(&reason.operations.list.join(", "), WIDTH - 20);
            match reason.operations.list.len() {
                1 => writeln!(self.out, "\n#{} {names}", number + 1)?,
                many => writeln!(self.out, "\n#{} {many} operations: {names}", number + 1)?,
            }
            for (at, (what, names)) in reason.sites.into_iter().enumerate() {
                match what.at {
                    Some(place) if at >= EXCERPTS => {
                        let names = cut(&names.list.join(", "), WIDTH / 2);
                        writeln!(self.out, "{}: as above ({names})", self.contract.sources.locate(place))?;
                    }
                    Some(_) | None => {
                        // What it costs is said by the status of the operations.
                        let what = Diagnostic { severity: Severity::Error, ..what.clone() };
                        writeln!(self.out, "{}", self.contract.sources.explain(&what, self.paint))?;
                    }
                }
            }
        }
        Ok(())
    }

    fn findings(&mut self) -> fmt::Result {
        if !self.contract.diagnostics.is_empty() {
            writeln!(self.out, "\n{}", self.paint.bold("findings"))?;
        }
        let mut seen: HashMap<&str, usize> = HashMap::new();
        for finding in &self.contract.diagnostics {
            let count = seen.entry(finding.code).or_insert(0);
            *count += 1;
            if *count <= EXCERPTS {
                writeln!(self.out, "\n{}", self.contract.sources.explain(finding, self.paint))?;
            } else {
                writeln!(self.out, "{}", self.contract.sources.render(finding))?;
            }
        }
        Ok(())
    }
}

/// Numbers in ascending order, counted from 1: `#1, #4-#7`.
fn references(numbers: &[usize]) -> String {
    let mut out = String::new();
    let mut rest = numbers;
    while let Some(first) = rest.first() {
        let run = rest.iter().zip(*first..).take_while(|(number, expected)| *number == expected).count();
        if !out.is_empty() {
            out.push_str(", ");
        }
        // Writing to a String cannot fail.
        let _ = match run {
            1 => write!(out, "#{}", first + 1),
            _ => write!(out, "#{}-#{}", first + 1, first + run),
        };
        rest = rest.get(run..).unwrap_or_default();
    }
    out
}

/// Words as far as there is room for them.
fn cut(words: &str, room: usize) -> String {
    let mut shown: String = words.chars().take(room).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if words.chars().nth(room).is_some() {
        shown.pop();
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_follow_one_another_are_a_range() {
        assert_eq!(references(&[0]), "#1");
        assert_eq!(references(&[0, 1, 2, 6, 8, 9]), "#1-#3, #7, #9-#10");
    }

    #[test]
    fn words_that_are_too_long_end_in_dots() {
        assert_eq!(cut("gräßlich", 8), "gräßlich");
        assert_eq!(cut("gräßlich", 7), "gräßli…");
    }
}
