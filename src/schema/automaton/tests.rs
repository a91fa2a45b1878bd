//! The matcher over small models.

use crate::diagnostic::Sources;
use crate::schema::automaton::Expected;
use crate::schema::automaton::Recovery;
use crate::schema::automaton::Step;
use crate::schema::form::Content;
use crate::schema::form::Model;
use crate::schema::form::ParticleId;
use crate::schema::form::Schema;
use crate::schema::form::Term;
use crate::schema::form::TypeId;
use crate::schema::load::NoResolver;
use crate::schema::load::SchemaSet;
use crate::xml::name::ExpandedName;
use crate::xml::name::Symbol;

/// A schema with one type `t` of this content, and element `t` of it; elements a to f are declared globally.
fn schema(content: &str) -> Schema {
    let globals: String = "abcdef".chars().map(|name| format!("<xs:element name='{name}' type='xs:string'/>")).collect();
    let text = format!(
        "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema' xmlns='urn:t' targetNamespace='urn:t' \
         elementFormDefault='qualified'>{globals}<xs:complexType name='t'>{content}</xs:complexType>\
         <xs:element name='t' type='t'/></xs:schema>"
    );
    let mut set = SchemaSet::new();
    set.add_document("t.xsd", &text, &mut Sources::default(), &mut NoResolver);
    set.compile(&[]).0
}

fn model(schema: &Schema) -> &Model {
    let Some(TypeId::Complex(id)) = schema.find_type("urn:t", "t") else { panic!("no type") };
    match &schema.complex(id).content {
        Content::Elements(model) => model,
        other @ (Content::Empty | Content::Simple(_)) => panic!("no elements: {other:?}"),
    }
}

fn token<'a>(schema: &Schema, name: &'a str) -> (Symbol, ExpandedName<'a>) {
    let name = match name.strip_prefix('#') {
        Some(local) => ExpandedName { ns: "urn:other", local },
        None => ExpandedName { ns: "urn:t", local: name },
    };
    (schema.symbols.find(name.ns, name.local).unwrap_or(Symbol::UNKNOWN), name)
}

/// One word for each child: its particle, `!` where a group begins anew; `x` stands for one that is refused, `end?` for a
/// content that may not end, `diverged` where another assignment is needed.
fn run(content: &str, children: &str) -> String {
    let schema = schema(content);
    let model = model(&schema);
    let mut state = model.start();
    let mut out = Vec::new();
    for child in children.split_whitespace() {
        let (symbol, name) = token(&schema, child);
        match model.step(&mut state, symbol, name) {
            Step::Matched(matched) => {
                let again = matched.again.map_or(String::new(), |group| format!("!{}", group.0));
                out.push(format!("{}{again}", matched.particle.0));
            }
            Step::Diverged => {
                out.push("diverged".into());
                return out.join(" ");
            }
            Step::Unexpected => {
                out.push("x".into());
                return out.join(" ");
            }
        }
    }
    if !model.finish(&state) {
        out.push("end?".into());
    } else if !model.finish_chosen(&state) {
        out.push("other-end".into());
    }
    out.join(" ")
}

fn assign(content: &str, children: &str) -> Result<String, usize> {
    let schema = schema(content);
    let names: Vec<_> = children.split_whitespace().map(|name| token(&schema, name)).collect();
    let matched = model(&schema).assign(&names)?;
    Ok(matched.iter().map(|one| one.particle.0.to_string()).collect::<Vec<_>>().join(" "))
}

fn el(name: &str, bounds: &str) -> String {
    let (min, max) = match bounds {
        "?" => ("0", "1"),
        "*" => ("0", "unbounded"),
        "+" => ("1", "unbounded"),
        "" => ("1", "1"),
        other => other.split_once(',').unwrap(),
    };
    format!("<xs:element ref='{name}' minOccurs='{min}' maxOccurs='{max}'/>")
}

fn seq(bounds: &str, members: &[String]) -> String {
    group("sequence", bounds, members)
}

fn choice(bounds: &str, members: &[String]) -> String {
    group("choice", bounds, members)
}

fn group(kind: &str, bounds: &str, members: &[String]) -> String {
    el("X", bounds).replace("element ref='X'", kind).replace("/>", &format!(">{}</xs:{kind}>", members.concat()))
}

#[test]
fn sequence_takes_its_members_in_order() {
    let content = seq("", &[el("a", ""), el("b", "?"), el("c", "+")]);
    assert_eq!(run(&content, "a b c c"), "1 2 3 3");
    assert_eq!(run(&content, "a c"), "1 3");
    assert_eq!(run(&content, "a"), "1 end?");
    assert_eq!(run(&content, "b"), "x");
    assert_eq!(run(&content, "a b b"), "1 2 x");
}

#[test]
fn repeated_group_tells_where_it_begins_anew() {
    let content = seq("*", &[el("a", "?"), el("b", "?")]);
    assert_eq!(run(&content, "a b a b"), "1 2 1!0 2");
    assert_eq!(run(&content, "b a"), "2 1!0");
    assert_eq!(run(&content, "a a"), "1 1!0");
    assert_eq!(run(&content, ""), "");
}

#[test]
fn own_repetition_of_an_element_begins_no_group_anew() {
    assert_eq!(run(&seq("*", &[el("a", "+"), el("b", "")]), "a a b a b"), "1 1 2 1!0 2");
}

#[test]
fn outermost_group_that_begins_anew_is_told() {
    let inner = seq("*", &[el("a", ""), el("b", "?")]);
    let content = seq("+", &[inner, el("c", "")]);
    assert_eq!(run(&content, "a b a c a c"), "2 3 2!1 4 2!0 4");
}

#[test]
fn counts_are_kept_without_unfolding() {
    let content = seq("", &[el("a", "2,1000000")]);
    assert_eq!(run(&content, "a"), "1 end?");
    assert_eq!(run(&content, "a a"), "1 1");
    let content = seq("2,3", &[el("a", ""), el("b", "")]);
    assert_eq!(run(&content, "a b"), "1 2 end?");
    assert_eq!(run(&content, "a b a b a b"), "1 2 1!0 2 1!0 2");
    assert_eq!(run(&content, "a b a b a b a"), "1 2 1!0 2 1!0 2 x");
}

#[test]
fn counter_of_an_element_starts_afresh_in_each_repetition() {
    let content = seq("*", &[el("a", "2,2"), el("b", "")]);
    assert_eq!(run(&content, "a a b a a b"), "1 1 2 1!0 1 2");
    assert_eq!(run(&content, "a a b a b"), "1 1 2 1!0 x");
}

#[test]
fn emptiable_body_makes_the_minimum_vacuous() {
    let content = seq("3,3", &[el("a", "?")]);
    assert_eq!(run(&content, ""), "");
    assert_eq!(run(&content, "a"), "1");
    assert_eq!(run(&content, "a a a a"), "1 1!0 1!0 x");
}

#[test]
fn all_takes_its_members_in_any_order_once() {
    let content = group("all", "", &[el("a", ""), el("b", "?"), el("c", "")]);
    assert_eq!(run(&content, "c a"), "3 1");
    assert_eq!(run(&content, "b c a"), "2 3 1");
    assert_eq!(run(&content, "a a"), "1 x");
    assert_eq!(run(&content, "a b"), "1 2 end?");
}

#[test]
fn optional_all_may_be_left_out_whole() {
    let content = group("all", "?", &[el("a", ""), el("b", "")]);
    assert_eq!(run(&content, ""), "");
    assert_eq!(run(&content, "a"), "1 end?");
}

#[test]
fn counts_of_nested_repetitions_are_exact() {
    // aaa as a+ a+ or a+ a+ a+: the greedy one group would be too few
    let content = seq("2,3", &[el("a", "+")]);
    assert_eq!(run(&content, "a a a"), "1 1 1 other-end");
    assert_eq!(run(&content, "a"), "1 end?");
    assert_eq!(assign(&content, "a a a").unwrap(), "1 1 1");
    assert_eq!(run(&seq("0,2", &[el("a", "2,3")]), "a a a a"), "1 1 1 1!0 other-end");
    assert_eq!(run(&seq("0,2", &[el("a", "2,3")]), "a a a a a a a"), "1 1 1 1!0 1 1 x");
}

#[test]
fn ambiguous_model_is_told_and_assigned_exactly() {
    let any = "<xs:any namespace='##any' processContents='lax' minOccurs='0' maxOccurs='unbounded'/>".to_owned();
    let content = seq("", &[el("a", ""), any, el("b", "")]);
    assert!(model(&schema(&content)).is_ambiguous());
    assert_eq!(run(&content, "a #x b b"), "1 2 3 diverged");
    assert_eq!(assign(&content, "a #x b b").unwrap(), "1 2 2 3");
    assert_eq!(assign(&content, "a b").unwrap(), "1 3");
    assert_eq!(assign(&content, "a #x"), Err(2));
    assert_eq!(assign(&content, "b"), Err(0));
}

#[test]
fn choice_of_two_sequences_with_one_beginning_is_ambiguous() {
    let content = choice("", &[seq("", &[el("a", ""), el("b", "")]), seq("", &[el("a", ""), el("c", "")])]);
    assert_eq!(run(&content, "a b"), "2 3");
    assert_eq!(run(&content, "a c"), "2 diverged");
    assert_eq!(assign(&content, "a c").unwrap(), "5 6");
}

#[test]
fn clean_models_are_not_ambiguous() {
    let other = "<xs:any namespace='##other' processContents='lax' minOccurs='0' maxOccurs='unbounded'/>".to_owned();
    for content in [
        seq("", &[el("a", ""), el("b", ""), el("a", "")]),
        seq("*", &[el("a", "?"), el("b", "?"), other]),
        choice("*", &[el("a", "+"), el("b", "*")]),
        seq("", &[el("a", "3,3"), el("a", "")]),
        seq("0,5", &[el("a", "0,3"), el("b", "?")]),
        seq("2,2", &[el("a", "2,2")]),
    ] {
        assert!(!model(&schema(&content)).is_ambiguous(), "{content}");
    }
    for content in [
        seq("", &[el("a", "?"), el("a", "")]),
        seq("", &[el("a", "2,3"), el("a", "")]),
        seq("*", &[el("a", ""), el("b", "?"), el("a", "?")]),
    ] {
        assert!(model(&schema(&content)).is_ambiguous(), "{content}");
    }
}

#[test]
fn large_choices_and_sequences_stay_linear() {
    let names: Vec<String> = (0..3000).map(|n| format!("<xs:element name='e{n}' type='xs:int' minOccurs='0'/>")).collect();
    for content in [choice("*", &names), seq("", &names)] {
        let schema = schema(&content);
        let model = model(&schema);
        assert!(model.automaton.entries.len() <= 3000);
        let mut state = model.start();
        for name in ["e0", "e1500", "e2999"] {
            let (symbol, name) = token(&schema, name);
            assert!(matches!(model.step(&mut state, symbol, name), Step::Matched(_)));
        }
    }
}

#[test]
fn expected_lists_what_may_come_and_the_end() {
    let schema = schema(&seq("", &[el("a", "?"), el("b", ""), el("c", "*")]));
    let model = model(&schema);
    let name = |list: Vec<Expected>| {
        list.into_iter()
            .map(|one| match one {
                Expected::Element(_, id) => schema.symbols.name(schema.element(id).name).local.as_str().to_owned(),
                Expected::Wildcard(_) => "*".to_owned(),
                Expected::End => "end".to_owned(),
            })
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut state = model.start();
    assert_eq!(name(model.expected(&state)), "a b");
    let (symbol, qname) = token(&schema, "b");
    model.step(&mut state, symbol, qname);
    assert_eq!(name(model.expected(&state)), "c end");
}

#[test]
fn recovery_goes_on_later_and_tells_what_is_missing() {
    let schema = schema(&seq("", &[el("a", ""), el("b", ""), choice("", &[el("c", ""), el("d", "")]), el("e", "")]));
    let model = model(&schema);
    let mut state = model.start();
    let (symbol, name) = token(&schema, "a");
    model.step(&mut state, symbol, name);
    assert_eq!(model.missing(&state), [ParticleId(2), ParticleId(3), ParticleId(6)]);
    let (symbol, name) = token(&schema, "e");
    assert_eq!(model.step(&mut state, symbol, name), Step::Unexpected);
    let Recovery::Later { matched, missing } = model.recover(&mut state, symbol, name) else { panic!("not later") };
    assert_eq!((matched.particle, missing), (ParticleId(6), vec![ParticleId(2), ParticleId(3)]));
    assert!(model.finish(&state));
    let (symbol, name) = token(&schema, "b");
    assert!(matches!(model.recover(&mut state, symbol, name), Recovery::Misplaced { particle: ParticleId(2), .. }));
    let (symbol, name) = token(&schema, "#z");
    assert_eq!(model.recover(&mut state, symbol, name), Recovery::Unknown);
}

#[test]
fn recovery_begins_a_repeated_group_anew() {
    let schema = schema(&seq("*", &[el("a", ""), el("b", "")]));
    let model = model(&schema);
    let mut state = model.start();
    let (symbol, name) = token(&schema, "a");
    model.step(&mut state, symbol, name);
    let Recovery::Later { matched, missing } = model.recover(&mut state, symbol, name) else { panic!("not later") };
    assert_eq!((matched.again, missing), (Some(ParticleId::ROOT), vec![ParticleId(2)]));
}

#[test]
fn step_by_particle_takes_only_accepted_ones() {
    let any = "<xs:any minOccurs='0'/>".to_owned();
    let schema = schema(&seq("", &[el("a", "?"), el("b", "?"), el("a", "?"), any]));
    let model = model(&schema);
    let (a, _) = token(&schema, "a");
    let mut state = model.start();
    let Step::Matched(matched) = model.step_particle(&mut state, Some(a), &|id| id == ParticleId(3)) else { panic!() };
    assert_eq!(matched.particle, ParticleId(3));
    let Step::Matched(matched) = model.step_particle(&mut state, None, &|_| true) else { panic!() };
    assert!(matches!(model.particle(matched.particle).term, Term::Wildcard(_)));
    assert_eq!(model.step_particle(&mut state, Some(a), &|_| true), Step::Unexpected);
}

/// A small generator (xorshift): what comes is the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most as u64).unwrap()
    }

    fn model(&mut self, depth: usize) -> String {
        let bounds = ["", "", "", "?", "*", "+", "2,3", "0,4"][self.below(8)];
        match self.below(if depth == 0 { 8 } else { 12 }) {
            0 => format!("<xs:any namespace='##other' processContents='lax' minOccurs='{}'/>", self.below(2)),
            1..=7 => el(["a", "b", "c", "d", "e", "f"][self.below(6)], bounds),
            of => {
                let members: Vec<String> = (0..1 + self.below(4)).map(|_| self.model(depth - 1)).collect();
                group(if of % 2 == 0 { "sequence" } else { "choice" }, bounds, &members)
            }
        }
    }
}

#[test]
fn the_short_way_of_a_step_and_of_the_end_is_that_of_the_machine() {
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let (mut short, mut anew, mut refused, mut ended) = (0, 0, 0, 0);
    for round in 0..1500 {
        let content = if round % 20 == 0 {
            group("all", "", &[el("a", ""), el("b", "?"), el("c", "")])
        } else {
            seq(["", "*", "2,3"][dice.below(3)], &(0..1 + dice.below(4)).map(|_| dice.model(2)).collect::<Vec<_>>())
        };
        let schema = schema(&content);
        let Some(TypeId::Complex(id)) = schema.find_type("urn:t", "t") else { panic!("no type") };
        let Content::Elements(with) = &schema.complex(id).content else { continue };
        let mut without = with.clone();
        without.automaton.rows = Default::default();
        for _ in 0..12 {
            let (mut state, mut other) = (with.start(), without.start());
            for _ in 0..12 {
                let (symbol, name) = token(&schema, ["a", "b", "c", "d", "e", "f", "#x", "t"][dice.below(8)]);
                let wanted = without.step(&mut other, symbol, name);
                assert_eq!(without.step_plainly(&mut other.clone(), symbol), None);
                let plain = with.step_plainly(&mut state, symbol);
                let found = plain.map_or_else(|| with.step(&mut state, symbol, name), Step::Matched);
                assert_eq!(found, wanted, "{content}");
                assert_eq!(state.chosen.leaf, other.chosen.leaf);
                let counts =
                    |state: &super::ContentState| state.chosen.counters.iter().copied().filter(|count| *count > 0).collect::<Vec<_>>();
                assert_eq!(counts(&state), counts(&other), "{content}");
                assert_eq!(with.finish_chosen(&state), without.finish_chosen(&other), "{content}");
                short += usize::from(plain.is_some());
                anew += usize::from(plain.is_some_and(|matched| matched.again.is_some()));
                refused += usize::from(wanted == Step::Unexpected);
                ended += usize::from(with.automaton.rows.ends(state.chosen.leaf));
                if wanted == Step::Unexpected && dice.below(3) > 0 {
                    assert_eq!(with.recover(&mut state, symbol, name), without.recover(&mut other, symbol, name), "{content}");
                }
            }
        }
    }
    assert!(short > 5000 && anew > 500 && refused > 5000 && ended > 1000, "{short} {anew} {refused} {ended}");
}
