//! The Content-Type of a result: xsl:output's media-type, else what its method means (XSLT 1.0 section 16).

use crate::xslt::call::OutputAsked;

/// The media type with its charset. `html` tells that the result turned out to be an HTML document.
pub(super) fn media_type(asked: &OutputAsked, html: bool) -> String {
    let usual = match asked.method.as_deref() {
        Some("html") => "text/html",
        Some("text") => "text/plain",
        _ if html => "text/html",
        _ => "application/xml",
    };
    let media = asked.media.as_deref().map(str::trim).filter(|media| is_media_type(media)).unwrap_or(usual);
    if media.to_ascii_lowercase().contains("charset=") {
        return media.to_owned();
    }
    // The result is UTF-8 unless the sheet asks for something else; `UTF-8` and `utf-8` are the same.
    let charset = asked.encoding.as_deref().unwrap_or("UTF-8").to_ascii_lowercase();
    if media.to_ascii_lowercase().starts_with("application/json") && charset == "utf-8" {
        return media.to_owned();
    }
    format!("{media}; charset={charset}")
}

/// Printable, with a slash: fit for a header.
fn is_media_type(text: &str) -> bool {
    text.contains('/') && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(method: Option<&str>, encoding: Option<&str>, media: Option<&str>) -> OutputAsked {
        OutputAsked { method: method.map(String::from), encoding: encoding.map(String::from), media: media.map(String::from) }
    }

    #[test]
    fn the_method_tells_the_type_unless_the_sheet_does() {
        assert_eq!(media_type(&asked(None, None, None), false), "application/xml; charset=utf-8");
        assert_eq!(media_type(&asked(None, None, None), true), "text/html; charset=utf-8");
        assert_eq!(media_type(&asked(Some("text"), Some("ISO-8859-1"), None), false), "text/plain; charset=iso-8859-1");
        assert_eq!(media_type(&asked(Some("text"), None, Some("application/json")), false), "application/json");
        assert_eq!(media_type(&asked(Some("xml"), None, Some("text/xml")), false), "text/xml; charset=utf-8");
        assert_eq!(media_type(&asked(None, None, Some("text/xml; charset=latin1")), false), "text/xml; charset=latin1");
    }

    #[test]
    fn a_type_that_would_break_a_header_is_not_used() {
        assert_eq!(media_type(&asked(None, None, Some("text/xml\r\nX: y")), false), "application/xml; charset=utf-8");
    }
}
