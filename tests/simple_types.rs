//! Simple types (XML Schema Part 2): derivation, facets in value space, lists, unions, forms in JSON, words for faults.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::wildcard_enum_match_arm, clippy::type_complexity)]

use castile::schema::simple::Builtin;
use castile::schema::simple::FacetEffect;
use castile::schema::simple::FacetKind;
use castile::schema::simple::FacetSpec;
use castile::schema::simple::JsonForm;
use castile::schema::simple::SimpleTypeId;
use castile::schema::simple::SimpleTypes;
use castile::schema::simple::number_from_json;
use castile::schema::simple::number_to_json;
use proptest::prelude::*;

fn facets(written: &[(&str, &str)]) -> Vec<FacetSpec> {
    let spec = |(kind, value): &(&str, &str)| FacetSpec { kind: FacetKind::from_name(kind).unwrap(), value: (*value).to_owned() };
    written.iter().map(spec).collect()
}

/// A type derived step by step, without a fault.
#[track_caller]
fn derive(types: &mut SimpleTypes, base: SimpleTypeId, steps: &[&[(&str, &str)]]) -> SimpleTypeId {
    steps.iter().fold(base, |base, step| {
        let (id, faults) = types.restrict(base, &facets(step), None, &|_| None);
        assert!(faults.is_empty(), "{faults:?}");
        id
    })
}

#[track_caller]
fn judge(types: &SimpleTypes, id: SimpleTypeId, good: &[&str], bad: &[&str]) {
    for text in good {
        assert!(types.accepts(id, text, &()), "{text:?} should be valid: {:?}", types.check(id, text, &()));
    }
    for text in bad {
        assert!(!types.accepts(id, text, &()), "{text:?} should not be valid");
    }
}

#[track_caller]
fn restricted(base: Builtin, steps: &[&[(&str, &str)]], good: &[&str], bad: &[&str]) {
    let mut types = SimpleTypes::new();
    let id = derive(&mut types, base.id(), steps);
    judge(&types, id, good, bad);
}

#[test]
fn integer_family_ranges_are_exact() {
    let rows = [
        (Builtin::Byte, "-128", "127", "-129", "128"),
        (Builtin::Short, "-32768", "32767", "-32769", "32768"),
        (Builtin::Int, "-2147483648", "+002147483647", "-2147483649", "2147483648"),
        (Builtin::Long, "-9223372036854775808", "9223372036854775807", "-9223372036854775809", "9223372036854775808"),
        (Builtin::UnsignedByte, "-0", "255", "-1", "256"),
        (Builtin::UnsignedShort, "0", "65535", "-1", "65536"),
        (Builtin::UnsignedInt, "0", "4294967295", "-1", "4294967296"),
        (Builtin::UnsignedLong, "0", "18446744073709551615", "-1", "18446744073709551616"),
        (Builtin::NonNegativeInteger, "0", "99999999999999999999999999999999", "-1", "1.0"),
        (Builtin::PositiveInteger, "1", "99999999999999999999999999999999", "0", "-0"),
        (Builtin::NonPositiveInteger, "-99999999999999999999999999999999", "+0", "1", "0.0"),
        (Builtin::NegativeInteger, "-99999999999999999999999999999999", "-1", "0", "1"),
    ];
    let types = SimpleTypes::new();
    for (ty, least, most, below, above) in rows {
        judge(&types, ty.id(), &[least, most], &[below, above, "", "1e0", "0x1"]);
    }
}

#[test]
fn white_space_is_normalised_before_anything_else() {
    let types = SimpleTypes::new();
    let text = |ty: Builtin, text| types.check(ty.id(), text, &()).unwrap().text.into_owned();
    assert_eq!(text(Builtin::Int, " \n7\t"), "7");
    assert_eq!(text(Builtin::Boolean, " true "), "true");
    assert_eq!(text(Builtin::String, " a\n"), " a\n");
    assert_eq!(text(Builtin::NormalizedString, " a\nb"), " a b");
    assert_eq!(text(Builtin::Token, " a \n b "), "a b");
    restricted(Builtin::String, &[&[("whiteSpace", "collapse")], &[("maxLength", "3")]], &["  abc  ", "a  b"], &["abcd"]);
}

#[test]
fn a_facet_holds_for_all_that_is_derived() {
    restricted(
        Builtin::String,
        &[&[("minLength", "2")], &[("maxLength", "4")], &[("pattern", "[a-z]*")]],
        &["ab", "abcd"],
        &["a", "abcde", "AB"],
    );
    restricted(Builtin::Int, &[&[("minInclusive", "5")], &[("maxExclusive", "10")]], &["5", "9"], &["4", "10"]);
}

#[test]
fn bounds_that_loosen_the_base_change_nothing() {
    restricted(
        Builtin::Int,
        &[&[("minInclusive", "5"), ("maxInclusive", "9")], &[("minInclusive", "1"), ("maxInclusive", "100")]],
        &["5", "9"],
        &["4", "10"],
    );
    restricted(Builtin::Int, &[&[("minInclusive", "5")], &[("minExclusive", "5")]], &["6"], &["5"]);
}

#[test]
fn patterns_of_one_step_are_alternatives_those_of_several_must_all_match() {
    restricted(Builtin::String, &[&[("pattern", "a+"), ("pattern", "b+")]], &["aa", "b"], &["ab", "c"]);
    restricted(Builtin::String, &[&[("pattern", "a.*"), ("pattern", "b.*")], &[("pattern", ".*c")]], &["ac", "bxc"], &["cc", "ab"]);
}

#[test]
fn digits_are_those_of_the_value() {
    restricted(
        Builtin::Decimal,
        &[&[("totalDigits", "5"), ("fractionDigits", "2")]],
        &["0012.50", "12.5000", "-99999", "+0.10", "000000000.000000", "1234.50", "-0099999.0", ".25", "12."],
        &["12.505", "0.001", "123456", "1234.56", "100000.00"],
    );
    restricted(Builtin::Int, &[&[("totalDigits", "3")]], &["0007", "-999", "+012"], &["-1000"]);
    restricted(Builtin::Decimal, &[&[("totalDigits", "3")]], &["0.001", "0.123"], &["0.0001", "1.234"]);
}

#[test]
fn enumerations_compare_values() {
    restricted(Builtin::Decimal, &[&[("enumeration", "1.0"), ("enumeration", "-0")]], &["1", "01.00", "0.0", " +1 "], &["1.01", "10"]);
    restricted(Builtin::Boolean, &[&[("pattern", "true|1")]], &["true", "1"], &["false"]);
    restricted(
        Builtin::DateTime,
        &[&[("enumeration", "2024-01-01T12:00:00Z")]],
        &["2024-01-01T13:00:00.0+01:00"],
        &["2024-01-01T12:00:00"],
    );
    restricted(Builtin::Duration, &[&[("enumeration", "P1Y")]], &["P12M", "P0Y12M0D"], &["P365D", "P1Y1D"]);
    restricted(Builtin::HexBinary, &[&[("enumeration", "0fB7")]], &["0FB7", "0fb7"], &["0FB8"]);
    restricted(Builtin::Base64Binary, &[&[("enumeration", "AAEC")]], &["AAEC", "AA EC"], &["AAED"]);
    restricted(
        Builtin::Double,
        &[&[("enumeration", "1.50"), ("enumeration", "NaN"), ("enumeration", "INF")]],
        &["15e-1", "NaN", "INF"],
        &["1.51", "-INF"],
    );
    restricted(Builtin::Token, &[&[("enumeration", " a  b ")]], &["a b", "\ta\nb"], &["ab"]);
    restricted(Builtin::String, &[&[("enumeration", "01")]], &["01"], &["1", " 01"]);
    let many: Vec<(String, String)> = (0..300).map(|n| ("enumeration".to_owned(), format!("v{n}"))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(kind, value)| (&**kind, &**value)).collect();
    restricted(Builtin::String, &[&many], &["v0", "v299", "v42"], &["v300", "v", "", "V1"]);
}

#[test]
fn lengths_count_octets_items_or_characters() {
    restricted(Builtin::String, &[&[("length", "3")]], &["ñan", "\u{1F3F0}ab"], &["ñandú", "ab"]);
    restricted(Builtin::HexBinary, &[&[("length", "2")]], &["0FB7"], &["0F", "0FB7AA"]);
    restricted(Builtin::Base64Binary, &[&[("maxLength", "2")]], &["AAA=", "AA==", "", "A A A ="], &["AAAA"]);
    restricted(Builtin::NmTokens, &[&[("maxLength", "2")]], &["a", " a  b "], &["a b c", ""]);
    restricted(Builtin::String, &[&[("maxLength", "99999999999999999999999")]], &["abc"], &[]);
}

#[test]
fn dates_with_and_without_zone_are_only_partly_ordered() {
    restricted(
        Builtin::Date,
        &[&[("minInclusive", "2024-03-01"), ("maxExclusive", "2024-04-01")]],
        &["2024-03-01", "2024-03-31", "2024-03-15Z", "2024-03-15+14:00", "2024-03-02-05:00"],
        &["2024-02-29Z", "2024-03-01Z", "2024-04-01Z", "2024-04-01"],
    );
    restricted(
        Builtin::DateTime,
        &[&[("maxInclusive", "2024-12-31T23:59:59Z")]],
        &["2024-12-31T23:59:59+00:00", "2025-01-01T01:00:00+02:00", "2024-12-31T09:59:58"],
        &["2024-12-31T23:59:59-01:00", "2024-12-31T23:59:59"],
    );
    restricted(Builtin::Duration, &[&[("minInclusive", "P1M")]], &["P1M", "P32D", "P1Y"], &["P31D", "P30D", "P28D", "P27D"]);
}

#[test]
fn nan_lies_in_no_range() {
    restricted(Builtin::Double, &[&[("minInclusive", "0")]], &["0", "-0", "INF", "1e999"], &["NaN", "-1", "-INF"]);
}

#[test]
fn lists_are_judged_item_by_item() {
    let mut types = SimpleTypes::new();
    let ints = types.list(Builtin::Int.id(), None);
    judge(&types, ints, &["", "1", " 1 \n 2 "], &["1 a", "1,2"]);
    let short = derive(&mut types, ints, &[&[("minLength", "2"), ("maxLength", "3")], &[("pattern", "1( \\d+)*")]]);
    judge(&types, short, &["1 2", "  1  2 3 "], &["1", "1 2 3 4", "2 1"]);
    let listed = derive(&mut types, ints, &[&[("enumeration", "1 2"), ("enumeration", "3")]]);
    judge(&types, listed, &["01 +2", "3"], &["1", "2 1", ""]);
    let fault = types.check(ints, "1 2 x", &()).unwrap_err();
    assert_eq!(fault.found, "x");
}

#[test]
fn the_first_member_of_a_union_that_accepts_takes_the_value() {
    let mut types = SimpleTypes::new();
    let word = derive(&mut types, Builtin::String.id(), &[&[("enumeration", "none"), ("enumeration", "all")]]);
    let limit = types.union(vec![Builtin::Int.id(), word], None);
    judge(&types, limit, &["25", "none", " 25 "], &["some", " none"]);
    assert_eq!(types.check(limit, "25", &()).unwrap().member, Builtin::Int.id());
    assert_eq!(types.check(limit, "all", &()).unwrap().member, word);
    let few = derive(&mut types, limit, &[&[("enumeration", "1"), ("enumeration", "none")]]);
    judge(&types, few, &["1", "01", "none"], &["2", "all"]);
    let patterned = derive(&mut types, limit, &[&[("pattern", "\\d{2}|none")]]);
    judge(&types, patterned, &["25", "none"], &["1", "all"]);
    let items = types.list(limit, None);
    judge(&types, items, &["1 none 2", ""], &["1 some"]);
    let nested = types.union(vec![Builtin::Date.id(), limit], None);
    assert_eq!(types.check(nested, "all", &()).unwrap().member, word);
}

#[test]
fn values_of_different_members_are_never_equal() {
    let mut types = SimpleTypes::new();
    let either = types.union(vec![Builtin::Int.id(), Builtin::String.id()], None);
    assert!(types.equal(either, ("1", &()), ("01", &())));
    assert!(!types.equal(either, ("1", &()), ("1x", &())));
    let words = derive(&mut types, Builtin::String.id(), &[&[("pattern", "[a-z]+|1")]]);
    let other = types.union(vec![words, Builtin::Int.id()], None);
    assert!(!types.equal(other, ("1", &()), ("01", &())));
}

#[test]
fn equal_values_have_many_forms() {
    let types = SimpleTypes::new();
    let rows = [
        (Builtin::Decimal, "1.50", "+01.5", true),
        (Builtin::Boolean, "true", "1", true),
        (Builtin::Boolean, "true", "false", false),
        (Builtin::DateTime, "2024-01-01T24:00:00Z", "2024-01-02T00:00:00.000Z", true),
        (Builtin::Date, "2024-01-01", "2024-01-01Z", false),
        (Builtin::Time, "12:00:00+01:00", "11:00:00Z", true),
        (Builtin::Float, "0.1", "0.10000000149", true),
        (Builtin::Double, "0.1", "0.10000000149", false),
        (Builtin::String, "a", "a ", false),
        (Builtin::Token, "a", " a ", true),
        (Builtin::AnyUri, "http://A/", "http://a/", false),
        (Builtin::Decimal, "1", "x", false),
    ];
    for (ty, a, b, equal) in rows {
        assert_eq!(types.equal(ty.id(), (a, &()), (b, &())), equal, "{a} {b}");
    }
}

#[test]
fn names_are_compared_by_namespace() {
    let mut types = SimpleTypes::new();
    let resolve = |prefix: &str| (prefix == "p").then(|| "urn:a".to_owned());
    let (id, faults) = types.restrict(Builtin::QName.id(), &facets(&[("enumeration", "p:x")]), None, &resolve);
    assert!(faults.is_empty());
    let prefixes = vec![("q".to_owned(), "urn:a".to_owned()), ("r".to_owned(), "urn:b".to_owned()), (String::new(), "urn:a".to_owned())];
    assert!(types.accepts(id, "q:x", &prefixes));
    assert!(types.accepts(id, " x ", &prefixes));
    assert!(!types.accepts(id, "r:x", &prefixes));
    assert!(!types.accepts(id, "p:x", &prefixes));
    let other = vec![("s".to_owned(), "urn:a".to_owned())];
    assert!(types.equal(Builtin::QName.id(), ("q:x", &prefixes), ("s:x", &other)));
    assert!(!types.equal(Builtin::QName.id(), ("x", &prefixes), ("x", &other)));
    assert!(types.has_prefixes(id) && !types.has_prefixes(Builtin::NcName.id()));
}

#[test]
fn faulty_facets_are_left_out_and_reported() {
    let mut types = SimpleTypes::new();
    let rows: &[(Builtin, &[(&str, &str)], usize, &str)] = &[
        (Builtin::Int, &[("maxLength", "3")], 0, "no facet of xs:int"),
        (Builtin::String, &[("minInclusive", "3")], 0, "no facet of xs:string"),
        (Builtin::String, &[("maxLength", "5"), ("maxLength", "x")], 1, "whole number"),
        (Builtin::String, &[("maxLength", "-1")], 0, "whole number"),
        (Builtin::Int, &[("minInclusive", "1.5")], 0, "xs:int"),
        (Builtin::Int, &[("totalDigits", "0")], 0, "from 1"),
        (Builtin::String, &[("pattern", "[")], 0, "offset"),
        (Builtin::Token, &[("whiteSpace", "preserve")], 0, "loosen"),
        (Builtin::String, &[("whiteSpace", "none")], 0, "expected preserve"),
        (Builtin::Int, &[("enumeration", "1"), ("enumeration", "one")], 1, "not a value of the base type"),
        (Builtin::Boolean, &[("enumeration", "true")], 0, "no facet of xs:boolean"),
    ];
    for (base, written, index, mentions) in rows {
        let (_, faults) = types.restrict(base.id(), &facets(written), None, &|_| None);
        let [fault] = &faults[..] else { panic!("{written:?}: {faults:?}") };
        assert!(fault.effect != FacetEffect::Holds && fault.index == *index, "{fault:?}");
        assert!(fault.message.contains(mentions), "{fault:?}");
    }
    let (id, faults) = types.restrict(Builtin::String.id(), &facets(&[("pattern", "^a$"), ("pattern", "[")]), None, &|_| None);
    assert_eq!(faults.iter().filter(|fault| fault.effect == FacetEffect::Holds).count(), 2);
    judge(&types, id, &["^a$"], &["a"]);
}

#[test]
fn a_reserved_type_can_be_referred_to_before_it_is_defined() {
    let mut types = SimpleTypes::new();
    let later = types.reserve(None);
    let list = types.list(later, None);
    let faults = types.define_restriction(later, Builtin::Int.id(), &facets(&[("maxInclusive", "9")]), &|_| None);
    assert!(faults.is_empty());
    judge(&types, list, &["1 9"], &["10", "a"]);
}

#[test]
fn a_type_made_of_itself_is_refused_not_followed_for_ever() {
    let mut types = SimpleTypes::new();
    let id = types.reserve(None);
    types.define_union(id, vec![id]);
    assert!(types.check(id, "a", &()).is_err());
    types.define_list(id, id);
    assert!(types.check(id, "a", &()).is_err());
    assert!(!types.derives_from(Builtin::Int.id(), id));
}

#[test]
fn derivation_follows_bases_and_members() {
    let mut types = SimpleTypes::new();
    let small = derive(&mut types, Builtin::Int.id(), &[&[("maxInclusive", "9")]]);
    let union = types.union(vec![Builtin::Date.id(), Builtin::Int.id()], None);
    for base in [small, Builtin::Int.id(), Builtin::Long.id(), Builtin::Decimal.id(), SimpleTypeId::ANY, union] {
        assert!(types.derives_from(small, base));
    }
    for base in [Builtin::Short.id(), Builtin::String.id(), Builtin::Date.id()] {
        assert!(!types.derives_from(small, base));
    }
    assert!(types.derives_from(Builtin::NmTokens.id(), SimpleTypeId::ANY));
}

#[test]
fn json_forms_follow_types_and_patterns() {
    let mut types = SimpleTypes::new();
    let rows: &[(Builtin, &[(&str, &str)], JsonForm<'static>)] = &[
        (Builtin::Int, &[], JsonForm::Integer),
        (Builtin::Decimal, &[], JsonForm::Decimal),
        (Builtin::Float, &[], JsonForm::Float),
        (Builtin::Int, &[("minInclusive", "1")], JsonForm::Integer),
        (Builtin::Int, &[("pattern", "[1-9][0-9]*")], JsonForm::Integer),
        (Builtin::Int, &[("pattern", "-?(0|[1-9]\\d{0,4})")], JsonForm::Integer),
        (Builtin::Int, &[("pattern", "0|1")], JsonForm::Integer),
        (Builtin::Int, &[("pattern", "[0-9]+")], JsonForm::VerbatimNumber),
        (Builtin::Int, &[("pattern", "\\d{5}")], JsonForm::VerbatimNumber),
        (Builtin::Int, &[("pattern", "\\+?[1-9]")], JsonForm::VerbatimNumber),
        (Builtin::Int, &[("pattern", ".*")], JsonForm::VerbatimNumber),
        (Builtin::Decimal, &[("pattern", "\\d\\.\\d{2}")], JsonForm::Decimal),
        (Builtin::Decimal, &[("pattern", "\\d+\\.\\d{2}")], JsonForm::VerbatimNumber),
        (Builtin::Decimal, &[("pattern", "[1-9]\\d*(\\.\\d{2})?")], JsonForm::Decimal),
        (Builtin::Decimal, &[("pattern", "[1-9]\\.")], JsonForm::VerbatimNumber),
        (Builtin::Double, &[("pattern", "[1-9]\\.\\dE\\d+|INF|NaN")], JsonForm::Float),
        (Builtin::Double, &[("pattern", "\\.\\dE\\d+")], JsonForm::VerbatimNumber),
        (Builtin::Int, &[("pattern", "[a-z]+|7")], JsonForm::Integer),
        (Builtin::Boolean, &[], JsonForm::Boolean { true_form: "true", false_form: "false" }),
        (Builtin::Boolean, &[("pattern", "0|1")], JsonForm::Boolean { true_form: "1", false_form: "0" }),
        (Builtin::Boolean, &[("pattern", "1|false")], JsonForm::Boolean { true_form: "1", false_form: "false" }),
        (Builtin::Date, &[], JsonForm::Text),
        (Builtin::String, &[("pattern", "\\d+")], JsonForm::Text),
        (Builtin::HexBinary, &[], JsonForm::Text),
        (Builtin::Base64Binary, &[], JsonForm::Base64),
        (Builtin::QName, &[], JsonForm::QName),
        (Builtin::NmTokens, &[], JsonForm::List(Builtin::NmToken.id())),
    ];
    for (base, written, form) in rows {
        let (id, faults) = types.restrict(base.id(), &facets(written), None, &|_| None);
        assert!(faults.is_empty());
        assert_eq!(types.json_form(id), *form, "{base:?} {written:?}");
    }
    let narrowed = derive(&mut types, Builtin::Int.id(), &[&[("pattern", "[0-9]+")], &[("pattern", "[1-9].*")]]);
    assert_eq!(types.json_form(narrowed), JsonForm::Integer);
}

#[test]
fn faults_say_what_was_expected_and_keep_the_value_apart() {
    let mut types = SimpleTypes::new();
    let code = derive(&mut types, Builtin::String.id(), &[&[("maxLength", "3")]]);
    let kind = derive(&mut types, Builtin::String.id(), &[&[("enumeration", "a"), ("enumeration", "b")]]);
    let rows = [
        (Builtin::Date.id(), "2024-13-01", "expected xs:date (such as 2024-05-01, optionally with Z or an offset)"),
        (Builtin::Int.id(), "x", "expected xs:int (digits with an optional sign)"),
        (Builtin::Byte.id(), "300", "expected at most 127 (maxInclusive)"),
        (code, "secret", "expected at most 3 characters (maxLength)"),
        (kind, "c", "expected one of \"a\", \"b\" (enumeration)"),
        (Builtin::QName.id(), "p:x", "expected a name whose prefix is bound to a namespace"),
    ];
    for (id, text, message) in rows {
        let fault = types.check(id, text, &()).unwrap_err();
        assert_eq!(fault.message, message);
        assert_eq!(fault.found, text);
        assert!(fault.to_string().ends_with(&format!("found {text:?}")));
    }
}

/// Texts near the lexical spaces of numbers and dates.
fn nearly_a_value() -> impl Strategy<Value = String> {
    const PIECES: [&str; 24] = [
        "0", "1", "00", "9", "-", "+", ".", "e", "E", "INF", "NaN", "T", "Z", ":", "2024", "-02", "-29", "12:00:00", "P", "1Y", "2M", "3D",
        " ", "\t",
    ];
    prop::collection::vec(prop::sample::select(&PIECES), 0..7).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn numbers_go_to_json_and_back_as_equal_values(text in "[+-]?[0-9]{0,3}(\\.[0-9]{0,3})?([eE][+-]?[0-9]{1,2})?") {
        let types = SimpleTypes::new();
        for ty in [Builtin::Integer, Builtin::Decimal, Builtin::Double] {
            let Ok(checked) = types.check(ty.id(), &text, &()) else { continue };
            let json = number_to_json(&checked.text).unwrap();
            let is_json = json.parse::<serde_json::Number>().is_ok();
            prop_assert!(is_json, "{text} became {json}");
            let back = number_from_json(types.json_form(ty.id()), &json).unwrap();
            prop_assert!(types.equal(ty.id(), (&text, &()), (&back, &())), "{text} became {json} and {back}");
        }
    }

    #[test]
    fn numbers_of_json_keep_their_value(text in "-?(0|[1-9][0-9]{0,4})(\\.[0-9]{1,4})?([eE][+-]?[0-9]{1,2})?") {
        let types = SimpleTypes::new();
        let decimal = number_from_json(JsonForm::Decimal, &text).unwrap();
        prop_assert!(types.accepts(Builtin::Decimal.id(), &decimal, &()), "{decimal}");
        prop_assert!(types.equal(Builtin::Double.id(), (&text, &()), (&decimal, &())), "{text} became {decimal}");
        if let Ok(integer) = number_from_json(JsonForm::Integer, &text) {
            prop_assert!(types.accepts(Builtin::Integer.id(), &integer, &()), "{integer}");
            prop_assert!(types.equal(Builtin::Decimal.id(), (&decimal, &()), (&integer, &())), "{text} became {integer}");
        } else {
            prop_assert!(decimal.contains('.'));
        }
    }

    #[test]
    fn a_normalised_value_is_valid_again_and_equal(text in nearly_a_value(), other in nearly_a_value()) {
        let types = SimpleTypes::new();
        for ty in Builtin::all() {
            let Ok(checked) = types.check(ty.id(), &text, &()) else { continue };
            prop_assert!(types.accepts(ty.id(), &checked.text, &()));
            prop_assert!(types.equal(ty.id(), (&text, &()), (&checked.text, &())));
            prop_assert_eq!(types.equal(ty.id(), (&text, &()), (&other, &())), types.equal(ty.id(), (&other, &()), (&text, &())));
        }
    }

    #[test]
    fn a_value_is_within_its_own_inclusive_bounds_alone(text in nearly_a_value(), other in nearly_a_value()) {
        let mut types = SimpleTypes::new();
        for base in [Builtin::Decimal, Builtin::Duration, Builtin::DateTime, Builtin::Time, Builtin::GYear] {
            if !types.accepts(base.id(), &text, &()) {
                continue;
            }
            let within = derive(&mut types, base.id(), &[&[("minInclusive", &text), ("maxInclusive", &text)]]);
            prop_assert!(types.accepts(within, &text, &()), "{text}");
            if types.accepts(within, &other, &()) {
                prop_assert!(types.equal(base.id(), (&text, &()), (&other, &())), "{text} {other}");
            }
            let beyond = derive(&mut types, base.id(), &[&[("minExclusive", &text)]]);
            prop_assert!(!types.accepts(beyond, &text, &()));
        }
    }
}
