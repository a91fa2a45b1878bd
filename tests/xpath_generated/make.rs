//! Documents and expressions by chance, from a fixed seed.

use std::fmt::Write;

/// A generator of numbers (xorshift64*).
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() >> 33).unwrap() % end
    }

    pub(crate) fn one_in(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }

    fn of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len())]
    }
}

const VALUES: [&str; 10] = ["x", "y", "xy", "1", "2", "10", " 2 ", "-1.5", "", "n/a"];

/// A document with few names and values, so that expressions find something.
pub(crate) fn document(chance: &mut Chance) -> String {
    let mut out = String::from("<a xmlns:u='urn:u'");
    attributes(chance, &mut out);
    out.push('>');
    let mut left = 4 + chance.below(24);
    content(chance, &mut out, 1, &mut left);
    out + "</a>"
}

fn attributes(chance: &mut Chance, out: &mut String) {
    for name in ["i", "k", "u:k"] {
        if chance.one_in(3) {
            write!(out, " {name}='{}'", chance.of(&VALUES)).unwrap();
        }
    }
}

fn content(chance: &mut Chance, out: &mut String, depth: usize, left: &mut usize) {
    while *left > 0 && !(depth > 1 && chance.one_in(3)) {
        *left -= 1;
        match chance.below(10) {
            0 => out.push_str("<!--x-->"),
            1 => out.push_str("<?p x?>"),
            // An empty section is no text node; libxml2 makes one of it.
            2 => write!(out, "<![CDATA[{}]]>", chance.of(&VALUES[..8])).unwrap(),
            3 | 4 => out.push_str(chance.of(&VALUES)),
            _ => {
                let name = chance.of(&["a", "b", "b", "c", "u:b"]);
                write!(out, "<{name}").unwrap();
                attributes(chance, out);
                if depth == 6 || chance.one_in(4) {
                    out.push_str("/>");
                    continue;
                }
                out.push('>');
                content(chance, out, depth + 1, left);
                write!(out, "</{name}>").unwrap();
            }
        }
    }
}

/// An expression; about half of them go forward only.
pub(crate) fn expression(chance: &mut Chance) -> String {
    let depth = 2;
    match chance.below(8) {
        0..3 => nodes(chance, depth),
        3..6 => boolean(chance, depth),
        6 => number(chance, depth),
        _ => text(chance, depth),
    }
}

fn nodes(chance: &mut Chance, depth: usize) -> String {
    match chance.below(12) {
        0 => format!("{} | {}", path(chance, depth, true), path(chance, depth, true)),
        1 => format!("({})[{}]", path(chance, depth, true), 1 + chance.below(3)),
        _ => path(chance, depth, true),
    }
}

/// A path; one that is `absolute` may begin at the root.
fn path(chance: &mut Chance, depth: usize, absolute: bool) -> String {
    let mut out = String::from(match chance.below(4) {
        _ if !absolute => "",
        0 => "",
        1 => "/",
        _ => "//",
    });
    if !absolute && chance.one_in(4) {
        return String::from(chance.of(&[".", "@i", "@k", "@u:k", "..", "../@k", "text()", ".//b"]));
    }
    let steps = 1 + chance.below(3);
    for number in 0..steps {
        if number > 0 {
            out.push_str(chance.of(&["/", "/", "//"]));
        }
        step(chance, depth, &mut out);
    }
    if chance.one_in(4) {
        out.push_str(chance.of(&["/@i", "/@k", "/@*", "/text()", "/@u:*"]));
    }
    out
}

fn step(chance: &mut Chance, depth: usize, out: &mut String) {
    if chance.one_in(30) {
        out.push_str(chance.of(&[".", ".."]));
        return;
    }
    const AXES: [&str; 11] = [
        "descendant",
        "descendant-or-self",
        "self",
        "following-sibling",
        "following",
        "attribute",
        "parent",
        "ancestor",
        "preceding",
        "preceding-sibling",
        "ancestor-or-self",
    ];
    if chance.one_in(4) {
        // Those that go forward stand before the others.
        let end = if chance.one_in(3) { AXES.len() } else { 6 };
        let axis = AXES[chance.below(end)];
        write!(out, "{axis}::").unwrap();
    }
    out.push_str(chance.of(&["a", "b", "b", "c", "*", "*", "u:b", "u:*", "text()", "node()", "comment()", "processing-instruction()"]));
    if depth > 0 {
        for _ in 0..[0, 0, 0, 1, 1, 2][chance.below(6)] {
            write!(out, "[{}]", predicate(chance, depth - 1)).unwrap();
        }
    }
}

fn predicate(chance: &mut Chance, depth: usize) -> String {
    match chance.below(16) {
        0 | 1 => (1 + chance.below(3)).to_string(),
        2 => format!("position() {} {}", chance.of(&["<", ">", "=", "!=", "<="]), 1 + chance.below(3)),
        3 => String::from("last()"),
        4 | 5 => String::from(chance.of(&["@i", "@k", "not(@k)", "@u:k", "@*"])),
        6 | 7 => format!("@{} {} {}", chance.of(&["i", "k"]), chance.of(&["=", "!=", "<", ">="]), literal(chance)),
        8 => format!("name() = '{}'", chance.of(&["a", "b", "u:b"])),
        9 => format!("local-name() = '{}' and namespace-uri() = '{}'", chance.of(&["a", "b"]), chance.of(&["", "urn:u"])),
        10 => format!("../@{} = {}", chance.of(&["i", "k"]), literal(chance)),
        11 => path(chance, depth, false),
        12 => format!("contains({}, '{}')", path(chance, depth, false), chance.of(&["x", "1"])),
        _ => boolean_of(chance, depth, false),
    }
}

fn boolean(chance: &mut Chance, depth: usize) -> String {
    boolean_of(chance, depth, true)
}

fn boolean_of(chance: &mut Chance, depth: usize, absolute: bool) -> String {
    let relation = chance.of(&["=", "=", "!=", "<", "<=", ">", ">="]);
    if depth == 0 {
        return format!("{} {relation} {}", path(chance, 0, absolute), literal(chance));
    }
    match chance.below(9) {
        0 => format!("not({})", boolean_of(chance, depth - 1, absolute)),
        1 => format!("{} and {}", boolean_of(chance, depth - 1, absolute), boolean_of(chance, depth - 1, absolute)),
        2 => format!("{} or {}", boolean_of(chance, depth - 1, absolute), boolean_of(chance, depth - 1, absolute)),
        3 => format!("boolean({})", path(chance, depth, absolute)),
        4 => format!("{} {relation} {}", path(chance, depth, absolute), path(chance, depth, absolute)),
        5 => format!("count({}) {relation} {}", path(chance, depth, absolute), chance.below(4)),
        6 => format!("starts-with({}, '{}')", path(chance, depth, absolute), chance.of(&["x", "", "1"])),
        7 => format!("{} {relation} {}()", path(chance, depth, absolute), chance.of(&["true", "false"])),
        _ => format!("{} {relation} {}", path(chance, depth, absolute), literal(chance)),
    }
}

fn literal(chance: &mut Chance) -> String {
    if chance.one_in(2) { format!("'{}'", chance.of(&VALUES)) } else { String::from(chance.of(&["1", "2", "10", "-1.5", "0"])) }
}

fn number(chance: &mut Chance, depth: usize) -> String {
    match chance.below(5) {
        0 => format!("sum({})", path(chance, depth, true)),
        1 => format!("string-length({})", path(chance, depth, true)),
        2 => format!("count({}) * 2 - number({})", path(chance, depth, true), path(chance, depth, true)),
        3 => format!("round({})", path(chance, depth, true)),
        _ => format!("count({})", nodes(chance, depth)),
    }
}

fn text(chance: &mut Chance, depth: usize) -> String {
    let path = path(chance, depth, true);
    match chance.below(7) {
        0 => format!("local-name({path})"),
        1 => format!("name({path})"),
        2 => format!("normalize-space({path})"),
        3 => format!("concat({path}, '-', {})", self::path(chance, depth, true)),
        4 => format!("translate({path}, 'xy', 'z')"),
        5 => format!("substring({path}, 2)"),
        _ => format!("string({path})"),
    }
}
