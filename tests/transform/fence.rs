//! A sheet in its box: it reads, writes and fetches nothing, whatever it or the document says.

use castile::xml::limits::Limits as XmlLimits;
use castile::xslt::Call;
use castile::xslt::Limits;
use castile::xslt::Listed;
use castile::xslt::Reason;
use castile::xslt::Sheet;

use crate::sheets::fault;
use crate::sheets::folder;
use crate::sheets::load;
use crate::sheets::run;
use crate::sheets::run_with;
use crate::sheets::sheet;
use crate::sheets::template;
use crate::sheets::text;

#[test]
fn a_document_of_a_file_or_an_address_is_refused() {
    for href in
        ["secret.xml", "/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/x", "ftp://h/x", "../x.xml", "%2e%2e/x", "castile:/x"]
    {
        let body = format!("<out><xsl:copy-of select=\"document('{href}')\"/></out>");
        let said = fault(&template(&body), "<a/>");
        assert!(said.starts_with("main.xsl:1: ") && said.contains(" may not "), "{href}: {said}");
    }
    let said = fault(&template("<xsl:copy-of select='document(/a)'/>"), "<a>/etc/passwd</a>");
    assert!(said.contains(" may not "), "{said}");
}

#[test]
fn the_sheet_itself_can_be_read_as_a_document() {
    let data = sheet(
        "<my:codes xmlns:my='urn:my'><my:code k='a'>Alpha</my:code></my:codes><xsl:output method='text'/>\
         <xsl:template match='/'><xsl:value-of select=\"document('')//my:code[@k = 'a']\" xmlns:my='urn:my'/></xsl:template>",
    );
    assert_eq!(text(&data, "<a/>"), "Alpha");
}

#[test]
fn listed_documents_can_be_read_and_no_others() {
    let main = template("<out><xsl:value-of select=\"document('data/codes%20a.xml')/codes/code\"/></out>");
    let loaded = load(&main).unwrap();
    let documents = [Listed::new("data/codes a.xml", b"<codes><code>7</code></codes>").unwrap()];
    let (limits, guard) = (Limits::default(), XmlLimits::default());
    let call = Call { parameters: &[], documents: &documents, limits: &limits, guard: &guard, stop: None };
    let done = loaded.run(b"<a/>", &call).unwrap();
    assert!(String::from_utf8(done.bytes).unwrap().ends_with("<out>7</out>\n"));
    assert!(run_with(&loaded, "<a/>", &[], &limits).is_err());
}

#[test]
fn a_listed_document_with_a_doctype_is_refused() {
    assert!(Listed::new("a.xml", b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>").is_err());
}

#[test]
fn every_way_of_writing_is_refused() {
    let elements = [
        ("exsl:document", "http://exslt.org/common"),
        ("e:output", "http://icl.com/saxon"),
        ("e:document", "http://www.jclark.com/xt"),
        ("e:write", "org.apache.xalan.xslt.extensions.Redirect"),
    ];
    let folder = std::env::temp_dir().join(format!("castile-write-{}", std::process::id()));
    for (element, namespace) in elements {
        let prefix = element.split(':').next().unwrap();
        for target in [folder.display().to_string(), format!("file://{}/a/b.xml", folder.display()), String::from("http://127.0.0.1:9/x")] {
            let body = format!("<out><{element} href='{target}' file='{target}' select=\"'{target}'\"><gone/></{element}></out>");
            let extension = format!("version='1.0' xmlns:{prefix}='{namespace}' extension-element-prefixes='{prefix}'");
            let said = fault(
                &template(&body).replace(" xmlns:exsl='http://exslt.org/common'", "").replace("='exsl ", "='").replacen(
                    "version='1.0'",
                    &extension,
                    1,
                ),
                "<a/>",
            );
            assert!(said.contains(" may not "), "{element} {target}: {said}");
        }
    }
    let one = "<xsl:stylesheet version='1.1' xmlns:xsl='http://www.w3.org/1999/XSL/Transform'><xsl:template match='/'>\
               <xsl:document href='written.xml'><gone/></xsl:document></xsl:template></xsl:stylesheet>";
    assert!(fault(one, "<a/>").contains(" may not be written"));
    let two = template("<xsl:result-document href='written.xml'><gone/></xsl:result-document>");
    assert!(load(&two).unwrap_err().contains("unknown element xsl:result-document"));
    assert!(!folder.exists());
}

#[test]
fn an_entity_of_the_document_never_reaches_libxml2() {
    for document in [
        "<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>",
        "<!DOCTYPE a SYSTEM 'http://127.0.0.1:9/x.dtd'><a/>",
        "<!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>]><a>&c;</a>",
    ] {
        let failure = run(&template("<xsl:copy-of select='.'/>"), document).unwrap_err();
        assert!(matches!(&failure.reason, Reason::Document(error) if error.code == "doctype"), "{failure}");
    }
}

#[test]
fn an_external_entity_of_a_sheet_is_refused_and_an_internal_one_works() {
    let with = |subset: &str, body: &str| format!("<!DOCTYPE xsl:stylesheet [{subset}]>{}", template(body));
    assert!(text(&with("<!ENTITY nbsp '&#160;'>", "<out>a&nbsp;b</out>"), "<a/>").contains("a\u{a0}b"));
    for (subset, body) in [
        ("<!ENTITY x SYSTEM 'file:///etc/passwd'>", "<out>&x;</out>"),
        ("<!ENTITY x SYSTEM 'secret.xml'>", "<out a='&x;'/>"),
        ("<!ENTITY % x SYSTEM 'file:///etc/passwd'> %x;", "<out/>"),
        ("<!ENTITY % x SYSTEM 'http://127.0.0.1:9/x'> %x;", "<out>&y;</out>"),
    ] {
        let loaded = load(&with(subset, body));
        let shown = loaded.map(|sheet| run_with(&sheet, "<a/>", &[], &Limits::default()).unwrap().bytes);
        let shown = shown.map(|bytes| String::from_utf8(bytes).unwrap());
        assert!(!format!("{shown:?}").contains("root:"), "{subset}: {shown:?}");
        assert!(shown.is_err() || body == "<out/>", "{subset}: {shown:?}");
    }
}

#[test]
fn an_entity_bomb_in_a_sheet_is_refused_at_once() {
    let mut subset = String::from("<!ENTITY a0 'aaaaaaaaaa'>");
    for n in 1..=12 {
        subset.push_str(&format!("<!ENTITY a{n} '{}'>", format!("&a{};", n - 1).repeat(10)));
    }
    let begin = std::time::Instant::now();
    assert!(load(&format!("<!DOCTYPE x [{subset}]>{}", template("<out>&a12;</out>"))).is_err());
    assert!(begin.elapsed().as_secs() < 5);
}

#[test]
fn imports_reach_the_folder_and_nothing_else() {
    for href in ["../up.xsl", "/etc/x.xsl", "http://127.0.0.1:9/x.xsl", "file:///x.xsl", "a/../../x.xsl"] {
        for word in ["import", "include"] {
            let mut memory = folder(&[("main.xsl", &sheet(&format!("<xsl:{word} href='{href}'/>")))]);
            let said = Sheet::load("main.xsl", &mut memory).unwrap_err().to_string();
            assert!(said.starts_with("main.xsl:1:"), "{said}");
            assert_eq!(memory.asked, ["main.xsl"], "{href}");
        }
    }
    let inner = sheet("<xsl:include href='../b.xsl'/>");
    let last = sheet("<xsl:template match='/'><out>b</out></xsl:template>");
    let mut memory = folder(&[("main.xsl", &sheet("<xsl:import href='a%20a/a.xsl'/>")), ("a a/a.xsl", &inner), ("b.xsl", &last)]);
    let loaded = Sheet::load("main.xsl", &mut memory).unwrap();
    assert!(run_with(&loaded, "<a/>", &[], &Limits::default()).is_ok());
}

#[test]
fn sheets_that_import_each_other_are_refused() {
    let (a, b) = (sheet("<xsl:import href='b.xsl'/>"), sheet("<xsl:include href='a.xsl'/>"));
    let said = Sheet::load("a.xsl", &mut folder(&[("a.xsl", &a), ("b.xsl", &b)])).unwrap_err().to_string();
    assert!(said.contains("in a circle: a.xsl -> b.xsl -> a.xsl"), "{said}");
    let selfish = sheet("<xsl:import href='main.xsl'/>");
    assert!(load(&selfish).unwrap_err().contains("circle"));
}

#[test]
fn expressions_in_data_are_not_evaluated_and_nothing_is_signed() {
    for body in [
        "<xsl:value-of select=\"dyn:evaluate('//secret')\"/>",
        "<xsl:value-of select=\"dyn:map(/*, '//secret')\"/>",
        "<xsl:value-of select=\"saxon:evaluate('//secret')\"/>",
        "<xsl:value-of select=\"crypto:md5('a')\"/>",
        "<xsl:value-of select=\"func:whatever('a')\"/>",
    ] {
        let said = fault(&template(body), "<a><secret>S-1</secret></a>");
        assert!(said.starts_with("main.xsl:1: function ") && !said.contains("S-1"), "{said}");
    }
}

#[test]
fn the_extensions_that_are_on_work() {
    let cases = [
        ("str:padding(3, 'ab')", "aba"),
        ("str:replace('a-b', '-', '+')", "a+b"),
        ("count(str:tokenize('a b c'))", "3"),
        ("math:max(//n)", "7"),
        ("count(set:distinct(//n))", "2"),
        ("date:year('2024-02-29')", "2024"),
        ("exsl:object-type('a')", "string"),
    ];
    for (expression, expected) in cases {
        let body = template(&format!("<xsl:value-of select=\"{expression}\"/>"));
        let body = body.replace("<xsl:template match='/'>", "<xsl:output method='text'/><xsl:template match='/'>");
        assert_eq!(text(&body, "<a><n>3</n><n>7</n><n>3</n></a>"), expected, "{expression}");
    }
}

#[test]
fn a_parameter_is_a_string_whatever_it_holds() {
    let body = sheet(
        "<xsl:output method='text'/><xsl:param name='p'/><xsl:param name='x:q' xmlns:x='urn:x'/>\
         <xsl:template match='/'><xsl:value-of select=\"concat('[', $p, '|', $x:q, ']')\" xmlns:x='urn:x'/></xsl:template>",
    );
    let loaded = load(&body).unwrap();
    let limits = Limits::default();
    for value in
        ["it's \"both\"", "//secret", "') | //secret | string('", "{$p}", "&amp;<b>", "", "ä\u{1F600}\t\n", &"long".repeat(100_000)]
    {
        let done = run_with(&loaded, "<secret>S-1</secret>", &[("p", value), ("{urn:x}q", value)], &limits).unwrap();
        assert_eq!(String::from_utf8(done.bytes).unwrap(), format!("[{value}|{value}]"));
        assert!(done.warnings.is_empty());
    }
    let done = run_with(&loaded, "<a/>", &[("r", "1")], &limits).unwrap();
    assert!(done.warnings[0].starts_with("the sheet declares no parameter `r`"), "{:?}", done.warnings);
    assert!(matches!(run_with(&loaded, "<a/>", &[("p", "\u{0}")], &limits).unwrap_err().reason, Reason::Parameter(_)));
}
