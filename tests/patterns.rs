//! Regular expressions of XML Schema (Part 2, appendix F): grammar, meaning, and bounds on time and memory.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm, clippy::type_complexity)]

use std::time::Duration;
use std::time::Instant;

use castile::schema::pattern::Pattern;

#[track_caller]
fn judge(source: &str, good: &[&str], bad: &[&str]) {
    let pattern = Pattern::compile(source).unwrap_or_else(|error| panic!("{source}: {error}"));
    for text in good {
        assert!(pattern.matches(text), "{source} should take {text:?}");
    }
    for text in bad {
        assert!(!pattern.matches(text), "{source} should not take {text:?}");
    }
}

#[test]
fn the_whole_value_must_match() {
    judge("night|day", &["night", "day"], &["nights", "nightday", "", "aday"]);
    judge(r"\d", &["1"], &["12", ""]);
    judge("", &[""], &["a"]);
    judge("a|", &["a", ""], &["b"]);
}

#[test]
fn anchors_are_ordinary_characters() {
    judge("^[A-Z]{2}$", &["^AB$"], &["AB", "^AB"]);
    judge("US$[0-9]+", &["US$10"], &["US10"]);
    judge("[$^]", &["$", "^"], &["a"]);
    let warned = Pattern::compile("^a$").unwrap().warnings();
    assert_eq!(warned.len(), 2, "{warned:?}");
    assert!(Pattern::compile(r"\^a[$]").unwrap().warnings().is_empty());
}

#[test]
fn quantifiers() {
    judge("ab?c", &["ac", "abc"], &["abbc"]);
    judge("ab*c", &["ac", "abbbc"], &["adc"]);
    judge("ab+c", &["abc", "abbc"], &["ac"]);
    judge("a{3}", &["aaa"], &["aa", "aaaa"]);
    judge("a{2,}", &["aa", "aaaaaa"], &["a"]);
    judge("a{1,3}", &["a", "aaa"], &["", "aaaa"]);
    judge("a{0}", &[""], &["a"]);
    judge("(ab){2,3}c", &["ababc", "abababc"], &["abc", "ababababc"]);
    judge("(b?){2,}", &["", "b", "bbb"], &["a"]);
    judge("((a*)*)*b", &["b", "aaab"], &["aaa"]);
}

#[test]
fn classes_ranges_and_subtraction() {
    judge("[a-z-[aeiou]]+", &["xyz"], &["xay"]);
    judge("[^a-[b]]", &["c", "1"], &["a", "b"]);
    judge(r"[\i-[:]][\c-[:]]*", &["_a-1", "n"], &["a:b", "1"]);
    judge("[a-z-[b-y-[m]]]+", &["amz"], &["b", "y"]);
    judge("[-a]+", &["a-"], &["b"]);
    judge("[a-]+", &["a-"], &["b"]);
    judge(r"[\w-\.]+", &["a-.b"], &["a b"]);
    judge(r"[\[-\]]", &["[", "\\", "]"], &["-"]);
    judge("[.]", &["."], &["a"]);
    judge("[*+?()|{}]", &["*", "(", "|", "}"], &["a"]);
    judge("[^a^]", &["b"], &["a", "^"]);
    judge(r"[^\d\s]", &["a"], &["1", " "]);
    judge("[а-я]+", &["привет"], &["hello"]);
    judge("[\u{1F300}-\u{1F5FF}]", &["\u{1F3F0}"], &["\u{FFFD}"]);
}

#[test]
fn escapes_of_many_characters() {
    judge(r"\d+", &["12", "\u{661}\u{662}"], &["1a"]);
    judge(r"\D", &["a"], &["1"]);
    judge(r"\s", &[" ", "\t", "\n", "\r"], &["\u{A0}", "\u{0B}", "a"]);
    judge(r"\S", &["\u{A0}"], &[" "]);
    judge(r"\w", &["a", "1", "é", "$", "+", "\u{300}"], &["_", "-", ".", " ", "\u{200B}"]);
    judge(r"\W", &["_", " "], &["a"]);
    judge(r"\i\c*", &["a", ":a", "_-1.b", "é"], &["1", "-", ""]);
    judge(r"\I", &["1", "-"], &["a"]);
    judge(r"\C", &[" ", "/"], &["a", "-"]);
    judge(".", &["a", "\t", "\u{1F3F0}"], &["\n", "\r", "ab"]);
    judge(r"\n\r\t\\\|\.\?\*\+\(\)\{\}\-\[\]\^", &["\n\r\t\\|.?*+(){}-[]^"], &[""]);
}

#[test]
fn categories_and_blocks() {
    judge(r"\p{Lu}\p{Ll}*", &["Ñandú", "A"], &["ñ", "AB"]);
    judge(r"\P{Nd}", &["a"], &["1"]);
    judge(r"\p{L}", &["a", "中", "\u{1D400}"], &["1"]);
    judge(r"[\p{Sc}\p{P}]", &["€", "!"], &["a"]);
    judge(r"\p{Zl}", &["\u{2028}"], &["\u{2029}"]);
    judge(r"\p{Cn}", &["\u{378}"], &["a"]);
    judge(r"\p{Co}", &["\u{E000}"], &["a"]);
    judge(r"\p{IsGreek}+", &["αβ"], &["ab"]);
    judge(r"\p{IsLatin-1Supplement}", &["é"], &["e"]);
    judge(r"\P{IsBasicLatin}", &["é"], &["e"]);
    judge(r"[\p{IsCyrillic}\p{IsBasicLatin}-[a]]+", &["жb"], &["ж\u{e9}", "a"]);
    judge(r"\p{IsCJKUnifiedIdeographs}", &["中"], &["a"]);
    judge(r"\p{IsDeseret}", &["\u{10400}"], &["a"]);
}

#[test]
fn faults_are_told_with_their_place() {
    let rows = [
        ("a)", 1, "closing parenthesis"),
        ("(a", 2, "closing parenthesis"),
        ("[a", 0, "closing bracket"),
        ("[]", 1, "empty"),
        ("[^]", 2, "empty"),
        ("*a", 0, "nothing before it"),
        ("a|*", 2, "nothing before it"),
        ("a**", 2, "may not be repeated"),
        ("a+?", 2, "may not be repeated"),
        ("a{3,2}", 1, "greater number"),
        ("a{x}", 1, "{n}"),
        ("[z-a]", 2, "backwards"),
        ("[a-\\d]", 2, "escape the hyphen"),
        ("[[a]]", 1, "escaped"),
        ("a\\", 2, "escapes nothing"),
        ("ab\\q", 2, "no escape"),
        ("\\b", 0, "no escape"),
        ("\\pL", 0, "braces"),
        ("é\\p{Foo}", 2, "Foo"),
        ("\\p{IsKlingon}", 0, "IsKlingon"),
        ("\\p{letter}", 0, "letter"),
    ];
    for (source, offset, mentions) in rows {
        let error = Pattern::compile(source).expect_err(source);
        assert_eq!(error.offset, offset, "{source}: {error}");
        assert!(error.message.contains(mentions), "{source}: {error}");
    }
}

#[test]
fn slips_with_a_plain_meaning_are_taken_with_a_warning() {
    for (source, text) in [(r"a\/b", "a/b"), (r"\@", "@"), ("(?:ab)+", "abab"), ("a{,2}", "aa"), ("a]", "a]"), (r"\u0041", "A")] {
        let pattern = Pattern::compile(source).unwrap();
        assert!(pattern.matches(text), "{source}");
        assert_eq!(pattern.warnings().len(), 1, "{source}");
    }
}

#[test]
fn large_repetitions_are_quick_to_compile_and_to_match() {
    let rows = [
        (r"\p{L}[\p{L}\p{N}]{0,254}", format!("a{}", "é1".repeat(120))),
        (r"[\w\-\.]{1,64}@[\w\-\.]{1,255}\.\w{2,63}", format!("{}@{}.org", "a-b.".repeat(16), "x".repeat(200))),
        (r"\c{1,100000}", "a".repeat(90_000)),
        (r"(\w{1,200} ){0,20}", "abc ".repeat(20)),
        (r"([A-Z]|[0-9]|\p{Z}|\p{P}|\p{Lu})*", "A1 ,É".repeat(10_000)),
        (r".{4294967295}", String::new()),
    ];
    for (source, text) in rows {
        let began = Instant::now();
        let pattern = Pattern::compile(source).unwrap();
        let matched = pattern.matches(&text);
        assert_eq!(matched, !text.is_empty(), "{source}");
        assert!(began.elapsed() < Duration::from_secs(2), "{source} took {:?}", began.elapsed());
    }
}

#[test]
fn patterns_that_ruin_backtracking_engines_stay_linear() {
    let rows = ["(a*)*b", "(a|a)*b", "(a|aa)+b", "(.*)(.*)(.*)(.*)x", "(a?){30}a{30}b", "((a{0,30}){0,30}){0,3}b", "(a+)+b"];
    let text = "a".repeat(20_000);
    for source in rows {
        let began = Instant::now();
        assert!(!Pattern::compile(source).unwrap().matches(&text), "{source}");
        assert!(began.elapsed() < Duration::from_secs(5), "{source} took {:?}", began.elapsed());
    }
}

#[test]
fn what_would_be_too_large_is_refused() {
    for source in
        ["((a{1,100}b){100}){100}", "((((((a|b){99}){99}){99}){99}){99}){99}", &format!("{}a{}", "(".repeat(200), ")".repeat(200))]
    {
        assert!(Pattern::compile(source).is_err(), "{source}");
    }
    assert!(Pattern::compile(&"a".repeat(70_000)).is_err());
}

#[test]
fn examples_match_and_keep_to_the_length_aimed_at() {
    let rows = [
        r"[A-Z]{2}-\d{5}",
        r"\p{L}[\p{L}\p{N}]{0,254}",
        "(.*)([0-9а-я]+)(.*)",
        r"[^\s]+",
        "a|bc|d{3}",
        r"(\d{1,3}(\.)?)+",
        r"\-?P(\d*D)?(T(\d*H)?)?",
    ];
    let mut state = 7u32;
    let mut choose = |below: u32| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below.max(1)
    };
    for source in rows {
        let pattern = Pattern::compile(source).unwrap();
        for _ in 0..200 {
            let text = pattern.example(&mut choose, 20).unwrap();
            assert!(pattern.matches(&text), "{source} {text:?}");
            assert!(text.chars().count() <= 30, "{source} {text:?}");
        }
    }
}
