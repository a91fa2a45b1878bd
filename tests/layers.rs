//! The layers hold: no module uses one above it, nothing below `gateway` touches the world, only `cli` prints.
//!
//! Reads the sources as text: `use crate::…` lines, inline `crate::…` paths and `super::` chains that reach the root.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm)]

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// All layers of the house, the ones still to be built included; arrows run from right to left only.
const LAYERS: [&str; 16] = [
    "diagnostic",
    "xml",
    "json",
    "xpath",
    "schema",
    "instance",
    "wsdl",
    "soap",
    "transcode",
    "xslt",
    "config",
    "exchange",
    "policy",
    "gateway",
    "console",
    "cli",
];

/// What only `gateway` and the layers above it may name: files, sockets, clocks, tasks.
const WORLD: [&str; 16] = [
    "std::fs",
    "TcpStream",
    "TcpListener",
    "UdpSocket",
    "ToSocketAddrs",
    "std::env",
    "std::process",
    "std::thread",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "Instant::now",
    "SystemTime::now",
    "tokio::",
    "hyper::",
    "hyper_util::",
];

const PRINTING: [&str; 5] = ["println!", "eprintln!", "print!(", "eprint!(", "dbg!("];

struct File {
    path: PathBuf,
    layer: usize,
    /// How many modules deep: 1 for `src/xml.rs` and `src/xml/mod.rs`, 2 for `src/xml/name.rs`.
    depth: usize,
    /// Comments and string contents blanked out, line by line.
    lines: Vec<String>,
}

#[test]
fn arrows_run_only_downwards() {
    let mut faults = Vec::new();
    for file in sources() {
        for (number, line) in file.lines.iter().enumerate() {
            for name in named_layers(line, file.depth) {
                match LAYERS.iter().position(|layer| *layer == name) {
                    Some(layer) if layer <= file.layer => {}
                    Some(_) => faults.push(format!("{}:{}: {} uses {name}", file.path.display(), number + 1, LAYERS[file.layer])),
                    None => faults.push(format!("{}:{}: crate::{name} is no layer", file.path.display(), number + 1)),
                }
            }
        }
    }
    assert!(faults.is_empty(), "arrows that run up:\n{}", faults.join("\n"));
}

#[test]
fn nothing_below_the_gateway_touches_the_world() {
    let gateway = position("gateway");
    let faults = places(|file| file.layer < gateway, &WORLD);
    assert!(faults.is_empty(), "I/O, clocks or tasks below the gateway:\n{}", faults.join("\n"));
}

#[test]
fn only_the_command_line_prints() {
    let cli = position("cli");
    let faults = places(|file| file.layer < cli, &PRINTING);
    assert!(faults.is_empty(), "printing outside the command line:\n{}", faults.join("\n"));
}

#[test]
fn every_folder_of_the_sources_is_a_layer() {
    let root = root().join("src");
    for entry in fs::read_dir(&root).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let stem = name.trim_end_matches(".rs");
        assert!(stem == "lib" || stem == "main" || LAYERS.contains(&stem), "src/{name} is no layer");
    }
}

#[test]
fn an_arrow_that_runs_up_would_be_seen() {
    assert_eq!(named_layers("use crate::gateway::Plan;", 2), ["gateway"]);
    assert_eq!(named_layers("use crate::{xml, soap::Fault};", 2), ["xml", "soap"]);
    assert_eq!(named_layers("    let x: crate::cli::Args = crate::json::read();", 2), ["cli", "json"]);
    assert_eq!(named_layers("use super::super::gateway::Plan;", 2), ["gateway"]);
    assert!(named_layers("use super::name::QName;", 2).is_empty());
    assert_eq!(blank("let a = \"crate::cli\"; // crate::cli\nuse crate::xml;"), "let a = \"          \";              \nuse crate::xml;");
}

fn position(layer: &str) -> usize {
    LAYERS.iter().position(|one| *one == layer).unwrap()
}

/// Every place outside of unit tests where one of `words` stands.
fn places(applies: impl Fn(&File) -> bool, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for file in sources().into_iter().filter(applies) {
        let is_test = file.path.components().any(|part| matches!(part.as_os_str().to_str(), Some("tests" | "tests.rs")));
        let opens_tests = |pair: &[String]| pair[0].trim() == "#[cfg(test)]" && pair[1].trim().starts_with("mod ");
        let end = file.lines.windows(2).position(opens_tests).unwrap_or(file.lines.len());
        for (number, line) in file.lines.iter().enumerate().take(if is_test { 0 } else { end }) {
            for word in words.iter().filter(|word| line.contains(**word)) {
                found.push(format!("{}:{}: {word}", file.path.display(), number + 1));
            }
        }
    }
    found
}

/// The layers that a line names by a path from the crate's root.
fn named_layers(line: &str, depth: usize) -> Vec<String> {
    let mut names = Vec::new();
    for (at, _) in line.match_indices("crate::") {
        let before = line[..at].chars().next_back();
        if !before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            take_names(&line[at + "crate::".len()..], &mut names);
        }
    }
    let climb = "super::".repeat(depth);
    if let Some(at) = line.find(&climb) {
        take_names(&line[at + climb.len()..], &mut names);
    }
    names
}

/// The first names after the root: one, or those of a group in braces.
fn take_names(rest: &str, names: &mut Vec<String>) {
    let Some(group) = rest.strip_prefix('{') else {
        names.extend(identifier(rest));
        return;
    };
    let mut level = 0;
    let mut start = true;
    for (at, c) in group.char_indices() {
        match c {
            '{' => level += 1,
            '}' if level == 0 => return,
            '}' => level -= 1,
            ',' if level == 0 => start = true,
            c if start && !c.is_whitespace() => {
                names.extend(identifier(&group[at..]));
                start = false;
            }
            _ => {}
        }
    }
}

fn identifier(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty() && name.chars().next().is_some_and(char::is_lowercase)).then_some(name)
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<File> {
    let src = root().join("src");
    let mut files = Vec::new();
    for (layer, name) in LAYERS.iter().enumerate() {
        let single = src.join(format!("{name}.rs"));
        if single.is_file() {
            files.push(read(&single, layer, 1));
        }
        walk(&src.join(name), layer, 1, &mut files);
    }
    assert!(files.len() > LAYERS.len(), "the sources were not found under {}", src.display());
    files
}

fn walk(folder: &Path, layer: usize, depth: usize, files: &mut Vec<File>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, layer, depth + 1, files);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let own = if path.file_name().is_some_and(|name| name == "mod.rs") { depth } else { depth + 1 };
            files.push(read(&path, layer, own));
        }
    }
}

fn read(path: &Path, layer: usize, depth: usize) -> File {
    let text = fs::read_to_string(path).unwrap();
    File { path: path.to_owned(), layer, depth, lines: blank(&text).lines().map(str::to_owned).collect() }
}

/// The text with comments and the contents of strings replaced by spaces, lines kept.
fn blank(text: &str) -> String {
    #[derive(PartialEq)]
    enum In {
        Code,
        Line,
        Block(u32),
        Str,
        Raw(usize),
    }
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut state = In::Code;
    let mut at = 0;
    while at < chars.len() {
        let (c, next) = (chars[at], chars.get(at + 1).copied().unwrap_or('\0'));
        let mut keep = c == '\n';
        let mut step = 1;
        match &mut state {
            In::Code => {
                keep = true;
                match (c, next) {
                    ('/', '/') => (state, keep) = (In::Line, false),
                    ('/', '*') => (state, keep, step) = (In::Block(1), false, 2),
                    ('"', _) => state = In::Str,
                    ('r', '"' | '#') if !before_is_word(&chars, at) => {
                        let hashes = chars[at + 1..].iter().take_while(|c| **c == '#').count();
                        if chars.get(at + 1 + hashes) == Some(&'"') {
                            (state, step) = (In::Raw(hashes), hashes + 2);
                        }
                    }
                    // A character literal may hold a quotation mark.
                    ('\'', '"') => step = 3,
                    ('\'', '\\') => step = 3,
                    _ => {}
                }
            }
            In::Line if c == '\n' => state = In::Code,
            In::Line => {}
            In::Block(level) => match (c, next) {
                ('*', '/') => {
                    *level -= 1;
                    step = 2;
                    if *level == 0 {
                        state = In::Code;
                    }
                }
                ('/', '*') => (*level, step) = (*level + 1, 2),
                _ => {}
            },
            In::Str => match c {
                '\\' => step = 2,
                '"' => (state, keep) = (In::Code, true),
                _ => {}
            },
            In::Raw(hashes) => {
                let closes = c == '"' && chars[at + 1..].iter().take_while(|c| **c == '#').count() >= *hashes;
                if closes {
                    step = *hashes + 1;
                    state = In::Code;
                }
            }
        }
        for &c in &chars[at..(at + step).min(chars.len())] {
            out.push(if keep || c == '\n' { c } else { ' ' });
        }
        at += step;
    }
    out
}

fn before_is_word(chars: &[char], at: usize) -> bool {
    at > 0 && (chars[at - 1].is_alphanumeric() || chars[at - 1] == '_')
}
