//! How sheets and documents are called: paths below one folder, and the URIs that stand for them inside libxslt.
//!
//! A path has `/` between its parts and never `..`: nothing outside the folder has a name.

/// What stands before a path in a URI that libxslt sees. No file and no host has such a name.
pub(super) const SCHEME: &str = "castile:/";

/// The URI of a path.
pub(super) fn uri_of(path: &str) -> String {
    let mut uri = String::from(SCHEME);
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'.' | b'-' | b'_' | b'~' => uri.push(char::from(byte)),
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

/// The path of a URI, for people.
pub(super) fn path_of(uri: &str) -> String {
    decoded(uri.strip_prefix(SCHEME).unwrap_or(uri))
}

/// The path that `href`, written in the document at `base`, means.
///
/// # Errors
/// It leads out of the folder, or is none of a file.
pub(super) fn resolve(base: &str, href: &str) -> Result<String, String> {
    let written = href.split('#').next().unwrap_or_default();
    if written.is_empty() {
        return Err(String::from("an empty href; expected the path of a sheet"));
    }
    let scheme = written.split_once(':').map(|(scheme, _)| scheme);
    if scheme.is_some_and(|scheme| !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))) {
        return Err(format!("`{href}` is no local path; sheets are read from files in the folder or below, never fetched"));
    }
    if written.starts_with('/') || written.contains('\\') || written.contains('?') {
        return Err(format!("`{href}` is no relative path; sheets are read from files in the folder or below"));
    }
    let mut parts: Vec<&str> = base.split('/').collect();
    parts.pop();
    let written = decoded(written);
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_none() => return Err(format!("`{href}` leads out of the folder")),
            ".." => {}
            part => parts.push(part),
        }
    }
    Ok(parts.join("/"))
}

/// Percent-encoded bytes as they are meant; what is no UTF-8 then stays as written.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail.get(..2).filter(|_| *first == b'%').and_then(|two| std::str::from_utf8(two).ok());
        match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_relative_to_the_document_that_names_it() {
        assert_eq!(resolve("main.xsl", "parts/base.xsl").as_deref(), Ok("parts/base.xsl"));
        assert_eq!(resolve("parts/base.xsl", "../other.xsl").as_deref(), Ok("other.xsl"));
        assert_eq!(resolve("a/b/c.xsl", "./d%20e.xsl").as_deref(), Ok("a/b/d e.xsl"));
    }

    #[test]
    fn nothing_outside_of_the_folder_has_a_name() {
        for href in ["../x.xsl", "a/../../x.xsl", "%2e%2e/x.xsl", "/etc/x.xsl", "http://h/x.xsl", "file:///x.xsl", "ftp:x", "a\\b", ""] {
            assert!(resolve("main.xsl", href).is_err(), "{href}");
        }
    }
}
