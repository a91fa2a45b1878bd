//! What comes out: xsl:output obeyed, messages told, faults of a sheet named with their place.

use castile::xslt::Limits;
use castile::xslt::Reason;
use castile::xslt::Sheet;

use crate::sheets::folder;
use crate::sheets::load;
use crate::sheets::run;
use crate::sheets::run_with;
use crate::sheets::sheet;
use crate::sheets::template;

fn with_output(output: &str, body: &str) -> (Vec<u8>, String) {
    let done =
        run(&sheet(&format!("<xsl:output {output}/><xsl:template match='/'>{body}</xsl:template>")), "<a>Zürich &lt;1&gt;</a>").unwrap();
    (done.bytes, done.media_type)
}

#[test]
fn the_output_is_as_the_sheet_asks_for_it() {
    let cases: [(&str, &str, &[u8], &str); 8] = [
        (
            "method='xml'",
            "<o><xsl:value-of select='a'/></o>",
            "<?xml version=\"1.0\"?>\n<o>Zürich &lt;1&gt;</o>\n".as_bytes(),
            "application/xml; charset=utf-8",
        ),
        (
            "encoding='ISO-8859-1'",
            "<o><xsl:value-of select='a'/></o>",
            b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>\n<o>Z\xFCrich &lt;1&gt;</o>\n",
            "application/xml; charset=iso-8859-1",
        ),
        (
            "encoding='US-ASCII' standalone='no'",
            "<o><xsl:value-of select='a'/></o>",
            b"<?xml version=\"1.0\" encoding=\"US-ASCII\" standalone=\"no\"?>\n<o>Z&#252;rich &lt;1&gt;</o>\n",
            "application/xml; charset=us-ascii",
        ),
        (
            "omit-xml-declaration='yes' cdata-section-elements='o'",
            "<o><xsl:value-of select='a'/></o>",
            "<o><![CDATA[Zürich <1>]]></o>\n".as_bytes(),
            "application/xml; charset=utf-8",
        ),
        ("method='text'", "<o><xsl:value-of select='a'/></o>", "Zürich <1>".as_bytes(), "text/plain; charset=utf-8"),
        ("method='html'", "<br/><p><xsl:value-of select='a'/></p>", "<br><p>Zürich &lt;1&gt;</p>\n".as_bytes(), "text/html; charset=utf-8"),
        ("indent='yes' omit-xml-declaration='yes'", "<o><i/><i/></o>", b"<o>\n  <i/>\n  <i/>\n</o>\n", "application/xml; charset=utf-8"),
        (
            "doctype-system='o.dtd' omit-xml-declaration='yes'",
            "<o/>",
            b"<!DOCTYPE o SYSTEM \"o.dtd\">\n<o/>\n",
            "application/xml; charset=utf-8",
        ),
    ];
    for (output, body, bytes, media) in cases {
        let (found, type_found) = with_output(output, body);
        assert_eq!(String::from_utf8_lossy(&found), String::from_utf8_lossy(bytes), "{output}");
        assert_eq!(type_found, media, "{output}");
    }
    assert_eq!(with_output("", "<html><body/></html>").1, "text/html; charset=utf-8", "an html element makes it HTML");
    assert_eq!(with_output("method='text' media-type='application/json'", "{}").1, "application/json");
}

#[test]
fn an_empty_result_is_empty() {
    assert!(run(&template(""), "<a/>").unwrap().bytes.is_empty());
}

#[test]
fn an_unknown_encoding_is_refused_at_load() {
    let said = load(&sheet("<xsl:output encoding='x-none'/>")).unwrap_err();
    assert!(said.contains("x-none"), "{said}");
}

#[test]
fn messages_come_to_the_caller_and_terminate_is_an_error() {
    let body = "<xsl:message>one</xsl:message><xsl:message>two <b>three</b></xsl:message><out/>";
    assert_eq!(run(&template(body), "<a/>").unwrap().messages, ["one", "two three"]);
    let failure =
        run(&template("<xsl:message>before</xsl:message><xsl:message terminate='yes'>too many: 3</xsl:message>"), "<a/>").unwrap_err();
    assert_eq!(failure.reason, Reason::Terminated(String::from("too many: 3")));
    assert_eq!(failure.messages, ["before", "too many: 3"]);
    assert_eq!(failure.to_string(), "the sheet stopped: too many: 3");
}

#[test]
fn a_fault_after_which_libxslt_goes_on_is_an_error() {
    for (body, words) in [
        ("<xsl:value-of select='$none'/>", "none"),
        ("<xsl:value-of select='nothing()'/>", "nothing"),
        ("<out><xsl:element name='1 2'/></out>", "1 2"),
        ("<out>text<xsl:attribute name='late'/></out>", "attribute"),
        ("<xsl:apply-templates select='1'/>", "node"),
        ("<xsl:value-of select=\"format-number(1, '0', 'none')\"/>", "none"),
    ] {
        let said = match load(&template(body)) {
            Err(said) => said,
            Ok(_) => run(&template(body), "<a/>").expect_err(body).to_string(),
        };
        assert!(said.starts_with("main.xsl:1:") && said.contains(words), "{body}: {said}");
    }
}

#[test]
fn a_faulty_sheet_is_told_with_file_line_and_message() {
    let lines = |body: &str| sheet(&format!("\n<xsl:template match='/'>\n  {body}\n</xsl:template>\n"));
    for (text, says) in [
        (lines("<xsl:value-of select='a['/>"), "main.xsl:3:27: the expression in select is malformed: "),
        (lines("<xsl:value-of select=\"concat('a', \"/>"), "main.xsl:3:37: the expression in select is malformed: expected an expression"),
        (lines("<xsl:value-of/>"), "main.xsl:3:3: "),
        (lines("<xsl:if>x</xsl:if>"), "main.xsl:3:3: "),
        (lines("<xsl:vlaue-of select='.'/>"), "main.xsl:3:3: unknown element xsl:vlaue-of, did you mean xsl:value-of?"),
        (lines("<out xsl:version='2.0'/>"), "main.xsl:3:3: the sheet is of XSLT 2.0"),
        (lines("<out>"), "main.xsl:4:1: the sheet is no well-formed XML"),
        (sheet("<xsl:template match='a['/>"), "main.xsl:1:"),
        (sheet("<xsl:include href='none.xsl'/>"), "main.xsl:1:"),
        (String::from("{}"), "main.xsl:1:1: the sheet is no well-formed XML"),
        (String::from("<html/>"), "main.xsl:1:1: the root element is `html`"),
    ] {
        let said = load(&text).expect_err(&text);
        assert!(said.starts_with(says), "{text}\n{said}");
    }
}

#[test]
fn an_unknown_function_is_a_warning_at_load_for_it_may_never_be_called() {
    let guarded = "<xsl:if test=\"function-available('upper-case')\"><xsl:value-of select='upper-case(a)'/></xsl:if><out/>";
    let loaded = load(&template(guarded)).unwrap();
    assert_eq!(loaded.warnings().len(), 1);
    assert!(loaded.warnings()[0].contains("no function `upper-case`"), "{:?}", loaded.warnings());
    assert!(run_with(&loaded, "<a/>", &[], &Limits::default()).is_ok());
    let slip = load(&template("<xsl:value-of select='normalise-space(a)'/>")).unwrap();
    assert!(slip.warnings()[0].ends_with("did you mean `normalize-space`?"), "{:?}", slip.warnings());
    let known = "<xsl:value-of select=\"concat(generate-id(), key('k', 1), str:padding(1), current(), system-property('xsl:version'))\"/>";
    assert!(load(&template(known)).unwrap().warnings().is_empty());
}

#[test]
fn a_fault_in_an_imported_sheet_names_that_sheet() {
    let (main, part) =
        (sheet("<xsl:import href='p/part.xsl'/>"), sheet("\n<xsl:template match='/'>\n<xsl:value-of select='$no'/></xsl:template>"));
    let loaded = Sheet::load("main.xsl", &mut folder(&[("main.xsl", &main), ("p/part.xsl", &part)])).unwrap();
    let said = run_with(&loaded, "<a/>", &[], &Limits::default()).unwrap_err().to_string();
    assert!(said.starts_with("p/part.xsl:3: "), "{said}");
    let old = sheet("").replace("1.0", "2.0");
    let said = Sheet::load("main.xsl", &mut folder(&[("main.xsl", &main), ("p/part.xsl", &old)])).unwrap_err().to_string();
    assert!(said.starts_with("p/part.xsl:1:1: the sheet is of XSLT 2.0"), "{said}");
}

#[test]
fn the_document_is_judged_before_it_is_transformed() {
    let failure = run(&template("<out/>"), "<a><b></a>").unwrap_err();
    assert!(matches!(failure.reason, Reason::Document(_)), "{failure}");
    let deep = format!("{}{}", "<a>".repeat(200), "</a>".repeat(200));
    assert!(matches!(run(&template("<out/>"), &deep).unwrap_err().reason, Reason::Document(error) if error.is_limit()));
}
