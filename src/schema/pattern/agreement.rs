//! The table, the simulation and a matcher too plain to be wrong agree on random patterns.

use std::collections::BTreeSet;
use std::sync::Arc;

use proptest::prelude::*;

use crate::schema::pattern::Pattern;
use crate::schema::pattern::counting::Counting;
use crate::schema::pattern::example::example;
use crate::schema::pattern::line::Line;
use crate::schema::pattern::program::Program;
use crate::schema::pattern::set::CharSet;
use crate::schema::pattern::syntax::Node;
use crate::schema::pattern::table::Table;

/// Where a match that began at one of `starts` may end.
fn ends(node: &Node, text: &[char], starts: &BTreeSet<usize>) -> BTreeSet<usize> {
    match node {
        Node::Set(set) => starts.iter().filter(|at| text.get(**at).is_some_and(|c| set.contains(u32::from(*c)))).map(|at| at + 1).collect(),
        Node::Sequence(nodes) => nodes.iter().fold(starts.clone(), |from, one| ends(one, text, &from)),
        Node::Choice(nodes) => nodes.iter().flat_map(|one| ends(one, text, starts)).collect(),
        Node::Repeat { node, min, max } => {
            let mut at = starts.clone();
            for _ in 0..*min {
                at = ends(node, text, &at);
            }
            let mut all = at.clone();
            // more rounds than the text is long add nothing
            let rounds = max.map_or(u32::MAX, |max| max - min).min(u32::try_from(text.len()).unwrap() + 1);
            for _ in 0..rounds {
                at = ends(node, text, &at);
                all.extend(&at);
            }
            all
        }
    }
}

fn plainly_matches(node: &Node, text: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    ends(node, &text, &BTreeSet::from([0])).contains(&text.len())
}

fn set() -> impl Strategy<Value = Node> {
    let one = prop_oneof![
        Just(CharSet::single('a')),
        Just(CharSet::single('b')),
        Just(CharSet::new(vec![(0x61, 0x62)])),
        Just(CharSet::single('a').negate()),
        Just(CharSet::new(vec![(0xE9, 0xEA)])),
    ];
    one.prop_map(|set| Node::Set(Arc::new(set)))
}

fn node() -> impl Strategy<Value = Node> {
    set().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Node::Sequence),
            prop::collection::vec(inner.clone(), 1..4).prop_map(Node::Choice),
            (inner, 0..4u32, prop::option::of(0..4u32)).prop_map(|(node, min, more)| Node::Repeat {
                node: Box::new(node),
                min,
                max: more.map(|more| min + more),
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn all_engines_agree(node in node(), texts in prop::collection::vec("[abcé]{0,8}", 12)) {
        let table = Table::build(&node);
        let counting = Counting::new(Program::counting(&node));
        let line = Line::of(&node);
        for text in &texts {
            let expected = plainly_matches(&node, text);
            prop_assert_eq!(counting.matches(text), expected, "counting, {:?}", text);
            if let Some(table) = &table {
                prop_assert_eq!(table.matches(text), expected, "table, {:?}", text);
            }
            if let Some(answer) = line.as_ref().and_then(|line| line.matches(text)) {
                prop_assert_eq!(answer, expected, "line, {:?}", text);
            }
        }
    }

    #[test]
    fn examples_match(node in node(), seed in any::<u32>()) {
        let mut state = seed;
        let mut choose = |below: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below.max(1)
        };
        if let Some(text) = example(&node, &mut choose, 12) {
            prop_assert!(plainly_matches(&node, &text), "{text:?}");
        }
    }
}

#[test]
fn large_counts_are_counted() {
    for source in
        ["[ab]{0,9000}", "([ab]{0,9000}c){1,3}", "[ab]{3,9000}b", "a[ab]{4000}", "(a|[ab]{2,7000}|b)*c", "[ab]{2,9000}[bc]{3,9000}"]
    {
        let pattern = Pattern::compile(source).unwrap();
        let node = &pattern.inner.parsed.node;
        let counting = Counting::new(Program::counting(node));
        for text in ["", "a", "ab", "abb", "abbb", "abc", "ababababc", "cc", "abcabc", "ababcbcbc", "abd"] {
            assert_eq!(counting.matches(text), plainly_matches(node, text), "{source} {text}");
            assert_eq!(pattern.matches(text), plainly_matches(node, text), "{source} {text}");
        }
    }
    let exact = Pattern::compile("[ab]{4000}c?").unwrap();
    assert!(exact.matches(&"ab".repeat(2000)));
    assert!(!exact.matches(&"ab".repeat(2001)));
    assert!(!exact.matches(&"a".repeat(3999)));
}
