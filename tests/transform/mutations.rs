//! Broken sheets are refused or run, and never crash: own sheets, mutated with a fixed seed.
//!
//! `CASTILE_MUTATIONS` says how many; the default is quick.

use castile::xslt::Limits;

use crate::sheets::load;
use crate::sheets::run_with;

/// A small generator of pseudo-random numbers (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        usize::try_from((z ^ (z >> 31)) % below.max(1) as u64).unwrap()
    }
}

/// The project's own sheets.
fn own() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("transforms");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ext| ext == "xsl"));
    paths.sort();
    assert!(paths.len() > 1);
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

const PIECES: [&str; 20] = [
    "<",
    ">",
    "\"",
    "'",
    "/",
    "&amp;",
    "[",
    "]",
    "(",
    ")",
    "xsl:",
    "select=\"",
    "position()",
    "$x",
    "//",
    "{",
    "}",
    "<xsl:if test=\"1\">",
    "</xsl:if>",
    "concat(",
];

fn mutate(text: &str, dice: &mut Dice, sheets: &[String]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for _ in 0..=dice.roll(3) {
        let at = dice.roll(chars.len());
        let end = (at + dice.roll(20)).min(chars.len());
        match dice.roll(6) {
            0 => {
                chars.drain(at..end);
            }
            1 => {
                let piece = PIECES[dice.roll(PIECES.len())];
                chars.splice(at..at, piece.chars());
            }
            2 => {
                let copied: Vec<char> = chars[at..end].to_vec();
                chars.splice(at..at, copied);
            }
            3 if at < chars.len() => {
                let other = dice.roll(chars.len());
                chars.swap(at, other);
            }
            4 => {
                let other: Vec<char> = sheets[dice.roll(sheets.len())].chars().collect();
                let from = dice.roll(other.len());
                let piece = other[from..(from + dice.roll(80)).min(other.len())].to_vec();
                chars.splice(at..end, piece);
            }
            _ => {
                // Attribute values and names: what keeps a sheet well-formed gets deeper.
                let words = [
                    "match", "select", "test", "name", "mode", "use", "string", "count", "1", "0", "-", "*", "@", "::", "self", "ancestor",
                ];
                chars.splice(at..at, words[dice.roll(words.len())].chars());
            }
        }
    }
    chars.into_iter().collect()
}

/// Values of attributes exchanged, elements without content doubled, moved and taken out: still well-formed, so it reaches libxslt.
fn tame(text: &str, dice: &mut Dice, sheets: &[String]) -> String {
    let mut text = text.to_owned();
    for _ in 0..=dice.roll(4) {
        let other = &sheets[dice.roll(sheets.len())];
        let (values, empties) = (spans(&text, "=\"", "\""), spans(&text, "<xsl:", "/>"));
        let (foreign_values, foreign_empties) = (spans(other, "=\"", "\""), spans(other, "<xsl:", "/>"));
        match dice.roll(4) {
            0 | 1 if !values.is_empty() && !foreign_values.is_empty() => {
                let piece = other[foreign_values[dice.roll(foreign_values.len())].clone()].to_owned();
                text.replace_range(values[dice.roll(values.len())].clone(), &piece);
            }
            2 if !empties.is_empty() && !foreign_empties.is_empty() => {
                let piece = other[foreign_empties[dice.roll(foreign_empties.len())].clone()].to_owned();
                let at = empties[dice.roll(empties.len())].start;
                text.insert_str(at, &piece);
            }
            3 if !empties.is_empty() => text.replace_range(empties[dice.roll(empties.len())].clone(), ""),
            _ => {}
        }
    }
    text
}

/// Where `open`, something without angle brackets, and `close` stand.
fn spans(text: &str, open: &str, close: &str) -> Vec<std::ops::Range<usize>> {
    let starts = text.match_indices(open).map(|(at, _)| at);
    let ends = starts.filter_map(|at| text[at + open.len()..].find(close).map(|end| at..at + open.len() + end + close.len()));
    ends.filter(|span| !text[span.start + 1..span.end - 1].contains(['<', '>'])).collect()
}

#[test]
fn mutated_sheets_never_crash() {
    let count = std::env::var("CASTILE_MUTATIONS").ok().and_then(|text| text.parse().ok()).unwrap_or(2000);
    let sheets = own();
    let fixtures = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/cities/GetCity.reply.xml");
    let document = std::fs::read_to_string(fixtures).unwrap();
    let limits = Limits { operations: 100_000, memory: 16 << 20, output: 1 << 20, ..Limits::default() };
    let mut dice = Dice(20_240_229);
    let (mut refused, mut failed, mut ran) = (0, 0, 0);
    for _ in 0..count {
        let base = &sheets[dice.roll(sheets.len())];
        let mutated = if dice.roll(2) == 0 { mutate(base, &mut dice, &sheets) } else { tame(base, &mut dice, &sheets) };
        match load(&mutated) {
            Err(said) => {
                assert!(!said.is_empty());
                refused += 1;
            }
            Ok(loaded) => match run_with(&loaded, &document, &[("p", "it's")], &limits) {
                Ok(_) => ran += 1,
                Err(failure) => {
                    assert!(!failure.to_string().is_empty());
                    failed += 1;
                }
            },
        }
    }
    println!("{count} mutated sheets: {refused} refused, {failed} failed, {ran} ran");
    assert!(refused > 0 && ran > 0 || count < 100, "the mutations are neither all good nor all bad");
}

#[test]
fn malformed_sheets_are_refused_with_their_line() {
    for sheet in own() {
        for part in 1..25 {
            let cut: String = sheet.chars().take(sheet.chars().count() * part / 26).collect();
            let said = load(&cut).unwrap_err();
            assert!(said.starts_with("main.xsl:"), "{said}");
        }
    }
}
