//! The project's own sheets, each with its golden cases: `transforms/<sheet>/cases/<case>/{request.xml,parameters,expected.*}`.

use std::fs;
use std::path::Path;
use std::path::PathBuf;
use std::process::Command;

use castile::gateway::folder::LocalFolder;
use castile::xml::limits::Limits as XmlLimits;
use castile::xslt::Call;
use castile::xslt::Limits;
use castile::xslt::Sheet;

fn transforms() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("transforms")
}

fn sheets() -> Vec<String> {
    let entries = fs::read_dir(transforms()).unwrap().map(|entry| entry.unwrap().path());
    let mut names: Vec<String> = entries
        .filter(|path| path.extension().is_some_and(|ext| ext == "xsl"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    names.sort();
    names
}

fn cases(sheet: &str) -> Vec<PathBuf> {
    let folder = transforms().join(sheet).join("cases");
    let mut cases: Vec<PathBuf> = fs::read_dir(&folder).map(|found| found.map(|entry| entry.unwrap().path()).collect()).unwrap_or_default();
    cases.sort();
    cases
}

fn parameters(case: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(case.join("parameters")).unwrap_or_default();
    text.lines().map(|line| line.split_once('=').expect("NAME=VALUE")).map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn expected(case: &Path) -> PathBuf {
    let mut found = fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path());
    found
        .find(|path| path.file_stem().is_some_and(|stem| stem == "expected"))
        .unwrap_or_else(|| panic!("{} has no expected.*", case.display()))
}

#[test]
fn every_sheet_gives_what_its_golden_cases_say() {
    let mut count = 0;
    for name in sheets() {
        let sheet = Sheet::load(&format!("{name}.xsl"), &mut LocalFolder::new(&transforms())).unwrap_or_else(|refused| panic!("{refused}"));
        assert!(sheet.warnings().is_empty(), "{:?}", sheet.warnings());
        let cases = cases(&name);
        assert!(!cases.is_empty(), "{name}.xsl has no case");
        for case in cases {
            let (limits, guard, given) = (Limits::default(), XmlLimits::default(), parameters(&case));
            let call = Call { parameters: &given, documents: &[], limits: &limits, guard: &guard, stop: None };
            let done = sheet.run(&fs::read(case.join("request.xml")).unwrap(), &call);
            let done = done.unwrap_or_else(|failure| panic!("{}: {failure}", case.display()));
            assert!(done.warnings.is_empty(), "{}: {:?}", case.display(), done.warnings);
            let wanted = fs::read(expected(&case)).unwrap();
            assert_eq!(String::from_utf8_lossy(&done.bytes), String::from_utf8_lossy(&wanted), "{}", case.display());
            count += 1;
        }
    }
    assert!(count >= 14);
}

#[test]
fn what_is_made_for_the_orders_service_is_valid_by_its_contract() {
    let wsdl = Path::new(env!("CARGO_MANIFEST_DIR")).join("wsdl/orders.wsdl");
    for name in ["orders-v1-to-v2", "partner-orders", "orders-without-cards"] {
        for case in cases(name) {
            let judged =
                Command::new(env!("CARGO_BIN_EXE_castile")).args(["validate", "--wsdl"]).arg(&wsdl).arg(expected(&case)).output().unwrap();
            assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stdout));
        }
    }
}
