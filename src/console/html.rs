//! What all pages share: the frame, the style, escaping.

/// A whole page.
pub(super) fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n",
        escape(title)
    )
}

/// Text for element content and for attribute values in double quotes.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A word in single quotes for a POSIX shell.
pub(super) fn shell_quote(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// A segment of a URL's path, percent-encoded where RFC 3986 section 3.3 asks for it; slashes stand.
pub(super) fn path_encode(text: &str) -> String {
    use std::fmt::Write;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/$@:!*(),;=+".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#8885;--soft:#8881}\
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}\
h1{margin-bottom:.2rem}h2{margin-top:2.5rem;border-top:1px solid var(--line);padding-top:1rem}\
pre{background:var(--soft);padding:.8rem;border-radius:.4rem;overflow:auto;font-size:.85rem;line-height:1.4}\
code{font-family:ui-monospace,monospace}table{border-collapse:collapse}\
td,th{text-align:left;padding:.3rem 1rem .3rem 0;border-bottom:1px solid var(--line);vertical-align:top}\
summary{cursor:pointer;margin:.5rem 0}.verdict{font-size:.8rem;padding:.1rem .5rem;border-radius:1rem;border:1px solid var(--line)}\
.served{background:#0a03}.degraded{background:#fa03}.refused{background:#f003}.quiet{opacity:.75}";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_a_title_stays_text() {
        let page = page("<script>alert(\"x\")</script>", "");
        assert!(!page.contains("<script>"));
        assert!(page.contains("&lt;script&gt;alert(&quot;x&quot;)"));
    }

    #[test]
    fn a_quotation_mark_cannot_leave_the_shell_word() {
        assert_eq!(shell_quote("it's"), r"'it'\''s'");
    }

    #[test]
    fn a_path_keeps_its_slashes_and_encodes_the_rest() {
        assert_eq!(path_encode("Port/Ávila x?"), "Port/%C3%81vila%20x%3F");
    }
}
