//! castile gives what xsltproc gives, to the byte: own sheets, sheets made here, and those of a corpus (`CASTILE_CORPUS`).
//!
//! xsltproc is libxslt's own program, so this judges all that lies round libxslt: what it is asked, and how its result is written.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use castile::gateway::folder::LocalFolder;
use castile::xslt::Limits;
use castile::xslt::Sheet;

use crate::sheets::run_with;
use crate::sheets::sheet;

const DOCUMENT: &str = "<?xml version=\"1.0\"?>\n<!-- head --><l xmlns:p=\"urn:p\" xml:lang=\"de\">\n <i n=\"2\" p:q=\"x\">Zürich &lt;1&gt; &amp; \"quoted\"</i>\n \
    <i n=\"10\"><![CDATA[<raw> & ]]></i><?pi data?>\n <p:i n=\"1\"/><e>\u{1F600}\u{a0}</e>\n</l>\n";

const OUTPUTS: [&str; 9] = [
    "",
    "<xsl:output method='xml' indent='yes'/>",
    "<xsl:output method='xml' omit-xml-declaration='yes' encoding='UTF-8'/>",
    "<xsl:output encoding='ISO-8859-1' standalone='yes'/>",
    "<xsl:output encoding='UTF-16'/>",
    "<xsl:output cdata-section-elements='i o' doctype-public='-//X//Y' doctype-system='y.dtd'/>",
    "<xsl:output method='html'/>",
    "<xsl:output method='html' indent='no' encoding='US-ASCII' doctype-public='-//W3C//DTD HTML 4.01//EN'/>",
    "<xsl:output method='text' encoding='ISO-8859-1'/>",
];

const BODIES: [&str; 14] = [
    "<xsl:template match='/'><xsl:copy-of select='.'/></xsl:template>",
    "<xsl:template match='@*|node()'><xsl:copy><xsl:apply-templates select='@*|node()'/></xsl:copy></xsl:template>",
    "<xsl:strip-space elements='*'/><xsl:template match='@*|node()'><xsl:copy><xsl:apply-templates select='@*|node()'/></xsl:copy></xsl:template>",
    "<xsl:template match='/'><html><head><title>t</title></head><body><br/><p class='a&amp;b'><xsl:value-of select='//e'/></p><script>a &lt; b</script></body></html></xsl:template>",
    "<xsl:template match='/'><o><xsl:for-each select='//@n'><xsl:sort data-type='number' order='descending'/><v><xsl:value-of select='.'/></v></xsl:for-each></o></xsl:template>",
    "<xsl:template match='/'><o a='{//i[1]}' b=\"{//i[2]}\"><xsl:value-of select='//i[1]' disable-output-escaping='yes'/></o></xsl:template>",
    "<xsl:template match='/'><o><xsl:number value='1994' format='I'/> <xsl:number value='27' format='a'/> <xsl:value-of select=\"format-number(-1234567.891, '#,##0.00')\"/></o></xsl:template>",
    "<xsl:key name='k' match='i' use='@n'/><xsl:template match='/'><o><xsl:copy-of select=\"key('k', '10')\"/></o></xsl:template>",
    "<xsl:template match='/'><o><xsl:comment>c</xsl:comment><xsl:processing-instruction name='q'>r</xsl:processing-instruction><xsl:element name='z:y' namespace='urn:z'><xsl:attribute name='w:v' namespace='urn:w'>1</xsl:attribute></xsl:element></o></xsl:template>",
    "<xsl:variable name='t'><a>1</a><a>2</a></xsl:variable><xsl:template match='/'><o><xsl:value-of select='sum(exsl:node-set($t)/a)'/><xsl:copy-of select='$t'/></o></xsl:template>",
    "<xsl:template match='/'><o><xsl:for-each select=\"str:tokenize('a b,c', ' ,')\"><xsl:value-of select='concat(position(), .)'/></xsl:for-each></o></xsl:template>",
    "<xsl:template match='/'><o><xsl:value-of select=\"count(document('')//*)\"/><xsl:value-of select='system-property(\"xsl:vendor\")'/></o></xsl:template>",
    "<xsl:template match='text()'>[<xsl:value-of select='normalize-space()'/>]</xsl:template>",
    "<xsl:template match='/'><xsl:text>only text &amp; nothing else</xsl:text></xsl:template>",
];

/// xsltproc's result, or none where it fails.
fn theirs(sheet: &Path, document: &Path) -> Option<Vec<u8>> {
    let arguments = ["--nonet", "--nowrite", "--nomkdir"];
    let output = Command::new("xsltproc").args(arguments).arg(sheet).arg(document).output().unwrap();
    output.status.success().then_some(output.stdout)
}

fn there_is_xsltproc() -> bool {
    let there = Command::new("xsltproc").arg("--version").output().is_ok();
    if !there {
        println!("left out: there is no xsltproc");
    }
    there
}

/// Compares one pair; whether castile gave a result.
fn compare(path: &Path, document: &Path) -> bool {
    let mut folder = LocalFolder::new(path.parent().unwrap());
    let Ok(sheet) = Sheet::load(path.file_name().unwrap().to_str().unwrap(), &mut folder) else { return false };
    let Ok(done) = run_with(&sheet, &fs::read_to_string(document).unwrap(), &[], &Limits::default()) else { return false };
    let wanted = theirs(path, document).unwrap_or_else(|| panic!("xsltproc fails on {} with {}", path.display(), document.display()));
    assert!(
        done.bytes == wanted,
        "{} with {}:\n{}\n{}",
        path.display(),
        document.display(),
        String::from_utf8_lossy(&done.bytes),
        String::from_utf8_lossy(&wanted)
    );
    true
}

#[test]
fn sheets_of_all_kinds_give_what_xsltproc_gives() {
    if !there_is_xsltproc() {
        return;
    }
    let folder = std::env::temp_dir().join(format!("castile-xsltproc-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let document = folder.join("document.xml");
    fs::write(&document, DOCUMENT).unwrap();
    for (number, output) in OUTPUTS.iter().enumerate() {
        for (other, body) in BODIES.iter().enumerate() {
            let path = folder.join(format!("{number}-{other}.xsl"));
            fs::write(&path, sheet(&format!("{output}{body}"))).unwrap();
            assert!(compare(&path, &document), "{} fails", fs::read_to_string(&path).unwrap());
        }
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn own_sheets_and_those_of_the_corpus_give_what_xsltproc_gives() {
    if !there_is_xsltproc() {
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let documents: Vec<PathBuf> = files(&root.join("fixtures"), &["xml"]);
    let mut sheets = files(&root.join("transforms"), &["xsl"]);
    match std::env::var_os("CASTILE_CORPUS") {
        Some(corpus) => sheets.extend(files(Path::new(&corpus), &["xsl", "xslt"])),
        None => println!("left out: the corpus, for CASTILE_CORPUS is not set"),
    }
    let pairs = sheets.iter().flat_map(|sheet| documents.iter().map(move |document| (sheet, document)));
    let same = pairs.filter(|(sheet, document)| compare(sheet, document)).count();
    println!("{same} results of {} sheets are the same", sheets.len());
    assert!(same > 50);
}

fn files(folder: &Path, extensions: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extensions));
        } else if path.extension().and_then(|ext| ext.to_str()).is_some_and(|ext| extensions.contains(&ext)) {
            found.push(path);
        }
    }
    found.sort();
    found
}
