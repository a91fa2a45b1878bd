//! Reading the files that the operator names.

use std::fs;
use std::io::Read;
use std::process::ExitCode;

use super::UNUSABLE;

/// The bytes of a file that the operator named; `-` is the standard input. Failing, it says
/// `FILE: cannot read: why` on stderr and gives the exit status for an unreadable input.
pub(crate) fn read(path: &str) -> Result<Vec<u8>, ExitCode> {
    let bytes = if path == "-" {
        let mut all = Vec::new();
        std::io::stdin().lock().read_to_end(&mut all).map(|_| all)
    } else {
        fs::read(path)
    };
    bytes.map_err(|error| {
        eprintln!("{path}: cannot read: {}", plain(&error));
        ExitCode::from(UNUSABLE)
    })
}

/// The system's words without the error number, which helps nobody.
fn plain(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_told_in_plain_words() {
        let error = fs::read("no/such/file").unwrap_err();
        assert_eq!(plain(&error), "no such file or directory");
    }
}
