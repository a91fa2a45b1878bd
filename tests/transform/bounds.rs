//! Endless and greedy sheets end in an error, in bounded time and memory.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;
use std::time::Duration;
use std::time::Instant;

use castile::xml::limits::Limits as XmlLimits;
use castile::xslt::Call;
use castile::xslt::Failure;
use castile::xslt::Limits;
use castile::xslt::Reason;

use crate::sheets::is_limit;
use crate::sheets::load;
use crate::sheets::run;
use crate::sheets::run_with;
use crate::sheets::sheet;
use crate::sheets::template;

/// Far more than any of these takes here, far less than without end.
const SOON: Duration = Duration::from_secs(60);

fn expect_limit(failure: &Failure) {
    assert!(is_limit(failure), "{failure}");
}

fn small() -> Limits {
    Limits { operations: 2_000_000, memory: 64 << 20, output: 1 << 20, ..Limits::default() }
}

fn fails(text: &str, document: &str) -> Failure {
    let begin = Instant::now();
    let ended = run_with(&load(text).unwrap(), document, &[], &small());
    let shown: String = text.chars().skip(600).take(200).collect();
    assert!(begin.elapsed() < SOON, "{shown} took {:?}", begin.elapsed());
    match ended {
        Ok(done) => panic!("{shown} gave {} bytes", done.bytes.len()),
        Err(failure) => failure,
    }
}

#[test]
fn recursion_without_end_is_an_error() {
    let named = "<xsl:template match='/'><xsl:call-template name='t'/></xsl:template>";
    for body in [
        "<xsl:template name='t'><xsl:call-template name='t'/></xsl:template>",
        "<xsl:template name='t'><xsl:param name='x'/><xsl:call-template name='t'><xsl:with-param name='x' select='concat($x, 1)'/>\
         </xsl:call-template></xsl:template>",
        "<xsl:template name='t'><xsl:variable name='x'><xsl:call-template name='t'/></xsl:variable><xsl:copy-of select='$x'/></xsl:template>",
        "<xsl:template name='t'><xsl:for-each select='/'><xsl:if test='true()'><xsl:element name='e'><xsl:attribute name='a'>\
         <xsl:call-template name='t'/></xsl:attribute></xsl:element></xsl:if></xsl:for-each></xsl:template>",
    ] {
        let failure = fails(&sheet(&format!("{named}{body}")), "<a/>");
        assert!(is_limit(&failure) && failure.to_string().contains("recursion too deep"), "{body}: {failure}");
    }
    let failure = fails(&sheet("<xsl:template match='/ | a'><xsl:apply-templates select='/a'/></xsl:template>"), "<a/>");
    expect_limit(&failure);
    let failure =
        fails(&sheet("<xsl:variable name='x' select='$y'/><xsl:variable name='y' select='$x'/><xsl:template match='/'/>"), "<a/>");
    assert!(matches!(failure.reason, Reason::Faults(_)), "{failure}");
    let keys =
        "<xsl:key name='k' match='*' use=\"key('k', .)\"/><xsl:template match='/'><xsl:value-of select=\"key('k', 'x')\"/></xsl:template>";
    let _ = run(&sheet(keys), "<a/>");
    let sets = "<xsl:attribute-set name='a' use-attribute-sets='b'/><xsl:attribute-set name='b' use-attribute-sets='a'/>\
                <xsl:template match='/'><out xsl:use-attribute-sets='a'/></xsl:template>";
    assert!(load(&sheet(sets)).and_then(|sheet| run_with(&sheet, "<a/>", &[], &small()).map_err(|f| f.to_string())).is_err());
}

#[test]
fn recursion_as_deep_as_is_usual_works() {
    let body = "<xsl:output method='text'/><xsl:template match='/'><xsl:call-template name='t'/></xsl:template>\
                <xsl:template name='t'><xsl:param name='n' select='0'/><xsl:choose><xsl:when test='$n = 300'>\
                <xsl:value-of select='$n'/></xsl:when><xsl:otherwise><xsl:call-template name='t'>\
                <xsl:with-param name='n' select='$n + 1'/></xsl:call-template></xsl:otherwise></xsl:choose></xsl:template>";
    assert_eq!(run(&sheet(body), "<a/>").unwrap().bytes, b"300");
}

#[test]
fn a_chain_of_global_variables_does_not_overflow_the_stack() {
    let mut body = String::from("<xsl:template match='/'><xsl:value-of select='$v0'/></xsl:template>");
    // In either order: libxslt evaluates them from one end.
    for n in 0..6000 {
        body.push_str(&format!("<xsl:variable name='v{n}' select='$v{}'/>", n + 1));
    }
    body.push_str("<xsl:variable name='v6000' select='1'/><xsl:variable name='w0' select='1'/>");
    for n in 1..6000 {
        body.push_str(&format!("<xsl:variable name='w{n}' select='$w{}'/>", n - 1));
    }
    let failure = fails(&sheet(&body), "<a/>");
    expect_limit(&failure);
}

#[test]
fn an_expression_nested_without_end_does_not_overflow_the_stack() {
    for nested in [
        format!("{}1{}", "(".repeat(20_000), ")".repeat(20_000)),
        format!("{}1", "-".repeat(20_000)),
        format!("1{}", " + 1".repeat(20_000)),
        format!("a{}", "[a".repeat(400) + &"]".repeat(400)),
        format!("a{}", "/a".repeat(20_000)),
        format!("{}1{}", "string(".repeat(20_000), ")".repeat(20_000)),
        format!("a{}", " | a".repeat(20_000)),
        format!("a{}", "[1]".repeat(20_000)),
    ] {
        let begin = Instant::now();
        let text = template(&format!("<xsl:value-of select='{nested}'/>"));
        if let Ok(loaded) = load(&text) {
            let _ = run_with(&loaded, "<a/>", &[], &small());
        }
        let pattern = sheet(&format!("<xsl:template match='{nested}'/>"));
        if let Ok(loaded) = load(&pattern) {
            let _ = run_with(&loaded, "<a/>", &[], &small());
        }
        assert!(begin.elapsed() < SOON, "{} took {:?}", &nested[..20], begin.elapsed());
    }
}

#[test]
fn a_string_that_doubles_ends_in_an_error() {
    let mut body = String::from("<xsl:variable name='s0' select=\"'0123456789'\"/>");
    for n in 1..=40 {
        body.push_str(&format!("<xsl:variable name='s{n}' select='concat($s{0}, $s{0})'/>", n - 1));
    }
    let failure = fails(&template(&format!("{body}<out><xsl:value-of select='string-length($s40)'/></out>")), "<a/>");
    assert!(is_limit(&failure) && failure.to_string().contains("memory"), "{failure}");
    let many = vec!["$s"; 1000].join(", ");
    let once =
        format!("<xsl:variable name='s' select='str:padding(100000, \"ab\")'/><xsl:value-of select='string-length(concat({many}))'/>");
    expect_limit(&fails(&template(&once), "<a/>"));
}

#[test]
fn a_tree_that_grows_without_end_ends_in_an_error() {
    let mut body = String::from("<xsl:variable name='t0'><a/></xsl:variable>");
    for n in 1..=40 {
        body.push_str(&format!(
            "<xsl:variable name='t{n}'><xsl:copy-of select='$t{0}'/><xsl:copy-of select='$t{0}'/></xsl:variable>",
            n - 1
        ));
    }
    expect_limit(&fails(&template(&format!("{body}<out><xsl:copy-of select='$t40'/></out>")), "<a/>"));
    let many = vec!["$s"; 30].join(", ");
    let tokens = format!(
        "<xsl:variable name='s' select=\"str:padding(100000, 'a ')\"/><xsl:value-of select='count(str:tokenize(concat({many})))'/>"
    );
    expect_limit(&fails(&template(&tokens), "<a/>"));
}

#[test]
fn loops_that_multiply_are_stopped_by_the_count_of_operations() {
    let items = format!("<l>{}</l>", "<i/>".repeat(1000));
    let nested = "<xsl:for-each select='//i'><xsl:for-each select='//i'><xsl:for-each select='//i'><xsl:if test='false()'/></xsl:for-each>\
                  </xsl:for-each></xsl:for-each>";
    expect_limit(&fails(&template(nested), &items));
    let expression = "<xsl:value-of select='count(//i[count(//i[count(//i) = 1]) = 1])'/>";
    expect_limit(&fails(&template(expression), &items));
}

#[test]
fn seeking_one_long_text_in_another_takes_linear_time() {
    // A million letters, and half a million with another one at the end: the product would take hours.
    let (text, sought) = ("a".repeat(1_000_000), format!("{}b", "a".repeat(500_000)));
    let document = format!("<l><t>{text}</t><s>{sought}</s></l>");
    let body = "<o a='{contains(l/t, l/s)}' b='{substring-before(l/t, l/s)}' c='{substring-after(l/t, l/s)}' d='{contains(l/t, \"\")}' \
                e='{substring-before(\"1999/04/01\", \"/\")}' f='{substring-after(\"1999/04/01\", \"/\")}' g='{substring-after(\"ab\", \"\")}'/>";
    let begin = Instant::now();
    let done = run(&template(body), &document).unwrap();
    assert!(begin.elapsed() < SOON);
    let shown = String::from_utf8(done.bytes).unwrap();
    assert!(shown.contains("<o a=\"false\" b=\"\" c=\"\" d=\"true\" e=\"1999\" f=\"04/01\" g=\"ab\"/>"), "{shown}");
    assert!(run(&template("<xsl:value-of select='contains(1)'/>"), "<a/>").is_err());
}

#[test]
fn a_result_larger_than_its_limit_is_an_error() {
    let many = vec!["str:padding(100000, 'ab')"; 30].join(", ");
    let failure = fails(&template(&format!("<out><xsl:value-of select=\"concat({many})\"/></out>")), "<a/>");
    assert!(is_limit(&failure) && failure.to_string().contains("result"), "{failure}");
}

#[test]
fn a_run_that_is_given_up_ends_soon() {
    let items = format!("<l>{}</l>", "<i/>".repeat(2000));
    let nested =
        "<xsl:for-each select='//i'><xsl:for-each select='//i'><xsl:for-each select='//i'>x</xsl:for-each></xsl:for-each></xsl:for-each>";
    let loaded = load(&template(nested)).unwrap();
    let stop = AtomicBool::new(false);
    let limits = Limits { operations: usize::MAX >> 1, memory: 4 << 30, ..Limits::default() };
    let guard = XmlLimits::default();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(300));
            stop.store(true, Ordering::Relaxed);
        });
        let begin = Instant::now();
        let call = Call { parameters: &[], documents: &[], limits: &limits, guard: &guard, stop: Some(&stop) };
        let failure = loaded.run(items.as_bytes(), &call).unwrap_err();
        assert_eq!(failure.reason, Reason::Stopped);
        assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    });
}

#[test]
fn a_tree_as_deep_as_recursion_allows_is_copied_or_refused() {
    // Each level of the recursion puts two hundred elements around a copy of what is below.
    let (open, close) = ("<e>".repeat(200), "</e>".repeat(200));
    let body = format!(
        "<xsl:template match='/'><xsl:call-template name='t'/></xsl:template><xsl:template name='t'><xsl:param name='n' select='2000'/>\
         <xsl:variable name='x'><xsl:if test='$n &gt; 0'><xsl:call-template name='t'><xsl:with-param name='n' select='$n - 1'/>\
         </xsl:call-template></xsl:if></xsl:variable>{open}<xsl:copy-of select='$x'/>{close}</xsl:template>"
    );
    for depth in [50, 300, 1000, 100_000] {
        let limits = Limits { depth, ..small() };
        let _ = run_with(&load(&sheet(&body)).unwrap(), "<a/>", &[], &limits);
    }
}

#[test]
fn memory_is_denied_anywhere_without_a_crash() {
    let body = "<xsl:key name='k' match='i' use='.'/><xsl:template match='/'><out><xsl:for-each select='//i'><xsl:sort select='.'/>\
                <xsl:variable name='x'><y a='{.}'><xsl:copy-of select='..'/></y></xsl:variable><xsl:copy-of select='$x'/>\
                <xsl:value-of select=\"concat(str:padding(70000, .), count(key('k', .)), translate(., 'a', 'b'), \
                count(str:tokenize(., 'a')))\"/></xsl:for-each></out></xsl:template>";
    let loaded = load(&sheet(body)).unwrap();
    let items = format!("<l>{}</l>", "<i>abcabc</i>".repeat(50));
    let whole = run_with(&loaded, &items, &[], &Limits { memory: 1 << 30, ..Limits::default() });
    assert!(whole.is_ok(), "{whole:.200?}");
    let mut done = 0;
    for memory in (0..20_000_000).step_by(39_119) {
        let limits = Limits { memory, output: 64 << 20, ..small() };
        done += usize::from(run_with(&loaded, &items, &[], &limits).is_ok());
    }
    assert!(done > 0, "with enough memory it runs");
}
