//! Finding Envelope, Header and Body in a stream of elements, and what is wrong with their shape.
//!
//! Only the Body that is the Envelope's own child counts. Shared by routing, the whole-message check and the transcoder,
//! which feed the [`Tracker`] with start and end tags. Knows nothing of what stands in a block or a body.

use std::fmt;

use crate::soap::version;
use crate::wsdl::contract::SoapVersion;
use crate::xml::name::ExpandedName;
use crate::xml::name::QName;

/// Whom a refusal of the envelope blames, and so which fault code it gets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Blame {
    /// The envelope is of no known version: VersionMismatch.
    Version,
    /// The message is at fault: Client or Sender.
    Client,
}

/// Why a message is no proper SOAP envelope.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EnvelopeFault {
    /// Short stable identifier in kebab-case.
    pub code: &'static str,
    /// Which fault code it gets.
    pub blame: Blame,
    /// What was found and what was expected; lowercase, no final dot.
    pub message: String,
    /// Byte offset in the message.
    pub offset: usize,
    /// The version, where it was recognised before the fault.
    pub version: Option<SoapVersion>,
}

impl fmt::Display for EnvelopeFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// An element found in an envelope: its name and where its start tag begins.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// Expanded name.
    pub name: QName,
    /// Byte offset of the start tag.
    pub offset: usize,
}

/// Where an element of the message stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Spot {
    /// The root, an envelope of this version.
    Envelope(SoapVersion),
    /// The Header.
    Header,
    /// A header block.
    Block,
    /// The Body.
    Body,
    /// A child of the Body, counted from 0.
    Child(usize),
    /// An element that follows the Body: it passes.
    Trailer,
    /// Inside a block, a child of the Body or a trailer.
    Inside,
}

/// Which part of the envelope is open.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Header,
    Body,
    Trailer,
}

/// Follows a message through its envelope, one tag at a time.
#[derive(Clone, Debug, Default)]
pub struct Tracker {
    version: Option<SoapVersion>,
    depth: usize,
    part: Option<Part>,
    header_seen: bool,
    body_seen: bool,
    children: usize,
}

impl Tracker {
    /// Before the root.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The version, once the root was seen.
    #[must_use]
    pub fn version(&self) -> Option<SoapVersion> {
        self.version
    }

    /// How many children of the Body have begun.
    #[must_use]
    pub fn children(&self) -> usize {
        self.children
    }

    /// Takes a start tag.
    ///
    /// # Errors
    /// The envelope is of no known version, or its parts stand where they must not.
    pub fn start(&mut self, name: ExpandedName<'_>, offset: usize) -> Result<Spot, EnvelopeFault> {
        let spot = match (self.depth, self.part) {
            (0, _) => self.root(name, offset)?,
            (1, _) => self.part(name, offset)?,
            (2, Some(Part::Header)) => Spot::Block,
            (2, Some(Part::Body)) => {
                self.children += 1;
                Spot::Child(self.children - 1)
            }
            _ => Spot::Inside,
        };
        self.depth += 1;
        Ok(spot)
    }

    /// Takes an end tag and says what it closed.
    pub fn end(&mut self) -> Spot {
        self.depth = self.depth.saturating_sub(1);
        match (self.depth, self.part) {
            (0, _) => Spot::Envelope(self.version.unwrap_or(SoapVersion::V1_1)),
            (1, Some(Part::Header)) => Spot::Header,
            (1, Some(Part::Body)) => Spot::Body,
            (1, _) => Spot::Trailer,
            (2, Some(Part::Header)) => Spot::Block,
            (2, Some(Part::Body)) => Spot::Child(self.children.saturating_sub(1)),
            _ => Spot::Inside,
        }
    }

    /// Takes text that is not white space: beside the Body's children there must be none. In the Envelope and the Header
    /// themselves it says nothing and passes, as their other oddities do.
    ///
    /// # Errors
    /// It stands in the Body itself.
    pub fn text(&self, offset: usize) -> Result<(), EnvelopeFault> {
        if (self.depth, self.part) != (2, Some(Part::Body)) {
            return Ok(());
        }
        Err(self.fault("text-in-body", "text stands in the Body itself, where only elements may stand".to_owned(), offset))
    }

    /// Takes the end of the document.
    ///
    /// # Errors
    /// There was no Body.
    pub fn finish(&self, offset: usize) -> Result<(), EnvelopeFault> {
        if self.body_seen {
            return Ok(());
        }
        Err(self.fault("no-body", "the Envelope has no Body".to_owned(), offset))
    }

    fn root(&mut self, name: ExpandedName<'_>, offset: usize) -> Result<Spot, EnvelopeFault> {
        if name.local == "Envelope" {
            if let Some(version) = version::of_namespace(name.ns) {
                self.version = Some(version);
                return Ok(Spot::Envelope(version));
            }
            let hint = version::near_miss(name.ns).map(|what| format!(", {what}")).unwrap_or_default();
            let message = format!(
                "the envelope's namespace is \"{}\"{hint}; expected {} (SOAP 1.1) or {} (SOAP 1.2)",
                name.ns,
                version::ENVELOPE_1_1,
                version::ENVELOPE_1_2
            );
            return Err(EnvelopeFault { blame: Blame::Version, ..self.fault("unknown-envelope", message, offset) });
        }
        let message = format!("the root element is {name}; expected a SOAP envelope");
        Err(self.fault("no-envelope", message, offset))
    }

    fn part(&mut self, name: ExpandedName<'_>, offset: usize) -> Result<Spot, EnvelopeFault> {
        let own = self.version.is_some() && version::of_namespace(name.ns) == self.version;
        let (part, spot) = match (own, name.local) {
            (true, "Header") => {
                if self.body_seen {
                    return Err(self.fault("late-header", "a Header follows the Body; it must come first".to_owned(), offset));
                }
                if self.header_seen {
                    return Err(self.fault("second-header", "the Envelope has a second Header".to_owned(), offset));
                }
                self.header_seen = true;
                (Part::Header, Spot::Header)
            }
            (true, "Body") => {
                if self.body_seen {
                    return Err(self.fault("second-body", "the Envelope has a second Body".to_owned(), offset));
                }
                self.body_seen = true;
                (Part::Body, Spot::Body)
            }
            _ if self.body_seen => (Part::Trailer, Spot::Trailer),
            _ => {
                let message = format!("{name} stands before the Body; expected a Header or the Body of the envelope's namespace");
                return Err(self.fault("stray-element", message, offset));
            }
        };
        self.part = Some(part);
        Ok(spot)
    }

    fn fault(&self, code: &'static str, message: String, offset: usize) -> EnvelopeFault {
        EnvelopeFault { code, blame: Blame::Client, message, offset, version: self.version }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NS: &str = version::ENVELOPE_1_1;

    /// Feeds names (`/` ends an element) and gives the code of the first fault.
    fn judge(tags: &[(&str, &str)]) -> Result<usize, &'static str> {
        let mut tracker = Tracker::new();
        for (ns, local) in tags {
            if *local == "/" {
                tracker.end();
            } else {
                tracker.start(ExpandedName { ns, local }, 0).map_err(|fault| fault.code)?;
            }
        }
        tracker.finish(0).map_err(|fault| fault.code)?;
        Ok(tracker.children())
    }

    const END: (&str, &str) = ("", "/");

    #[test]
    fn only_the_envelopes_own_body_counts() {
        let tags = [
            (NS, "Envelope"),
            (NS, "Header"),
            END,
            (NS, "Body"),
            ("urn:a", "Keep"),
            (NS, "Body"),
            END,
            END,
            END,
            ("urn:b", "after"),
            END,
            END,
        ];
        assert_eq!(judge(&tags), Ok(1));
    }

    #[test]
    fn two_bodies_late_headers_and_none_are_told_apart() {
        assert_eq!(judge(&[(NS, "Envelope"), (NS, "Body"), END, (NS, "Body")]), Err("second-body"));
        assert_eq!(judge(&[(NS, "Envelope"), (NS, "Body"), END, (NS, "Header")]), Err("late-header"));
        assert_eq!(judge(&[(NS, "Envelope"), (NS, "Header"), END, (NS, "Header")]), Err("second-header"));
        assert_eq!(judge(&[(NS, "Envelope"), (NS, "Header"), END, END]), Err("no-body"));
        assert_eq!(judge(&[(NS, "Envelope"), ("urn:a", "x")]), Err("stray-element"));
    }

    #[test]
    fn a_draft_envelope_is_a_version_mismatch_that_names_the_draft() {
        let name = ExpandedName { ns: "http://www.w3.org/2001/12/soap-envelope", local: "Envelope" };
        let fault = Tracker::new().start(name, 0).unwrap_err();
        assert_eq!(fault.blame, Blame::Version);
        assert!(fault.message.contains("draft") && fault.message.contains(NS), "{}", fault.message);
    }

    #[test]
    fn another_root_blames_the_sender() {
        let fault = Tracker::new().start(ExpandedName { ns: "", local: "state" }, 3).unwrap_err();
        assert_eq!((fault.code, fault.blame, fault.offset), ("no-envelope", Blame::Client, 3));
    }
}
