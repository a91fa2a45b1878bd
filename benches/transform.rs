//! Transformation, from bytes to bytes, and, where `CASTILE_LIBXSLT` names the program built from `bench/transform/libxslt.c`, the same in C
//! with a sheet compiled once: best and median times of one run, and what two threads do together.
//!
//! `bench/transform/run` builds that program and runs this. castile's time has the guarded scanner in it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;
use std::time::Instant;

use castile::gateway::folder::LocalFolder;
use castile::xml::limits::Limits as XmlLimits;
use castile::xslt::Call;
use castile::xslt::Limits;
use castile::xslt::Sheet;

const TIME: Duration = Duration::from_millis(800);

fn main() {
    println!(
        "{:<28} {:>8} {:>22} {:>22} {:>7} {:>12}",
        "sheet, document", "bytes", "C best/median us", "castile best/median us", "ratio", "two threads"
    );
    for (sheet, size) in
        [("orders-v1-to-v2", 1), ("orders-v1-to-v2", 10), ("orders-v1-to-v2", 100), ("cities-by-region", 10), ("cities-by-region", 100)]
    {
        row(sheet, if sheet.starts_with("orders") { order(size << 10) } else { cities(size << 10) });
    }
}

fn row(name: &str, document: String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("transforms");
    let sheet = Sheet::load(&format!("{name}.xsl"), &mut LocalFolder::new(&folder)).unwrap();
    let file = std::env::temp_dir().join(format!("castile-bench-{}.xml", std::process::id()));
    fs::write(&file, &document).unwrap();
    let (mut own, mut theirs) = (Vec::new(), Vec::new());
    // Alternating, so that both meet the same weather.
    for _ in 0..5 {
        own.push(measure(&sheet, &document));
        theirs.extend(in_c(&folder.join(format!("{name}.xsl")), &file));
    }
    fs::remove_file(&file).unwrap();
    let best = |times: &[(f64, f64)]| times.iter().copied().min_by(|a, b| a.1.total_cmp(&b.1));
    let (own_best, own_median) = best(&own).unwrap();
    let (other, ratio) = match best(&theirs) {
        Some((best, median)) => (format!("{:.1} / {:.1}", best / 1e3, median / 1e3), format!("{:.2}", own_median / median)),
        None => (String::from("-"), String::from("-")),
    };
    let own = format!("{:.1} / {:.1}", own_best / 1e3, own_median / 1e3);
    println!("{name:<28} {:>8} {other:>22} {own:>22} {ratio:>7} {:>12.2}", document.len(), threads(&sheet, &document));
}

fn once(sheet: &Sheet, document: &str) -> usize {
    let (limits, guard) = (Limits::default(), XmlLimits::default());
    let call = Call { parameters: &[], documents: &[], limits: &limits, guard: &guard, stop: None };
    sheet.run(document.as_bytes(), &call).unwrap().bytes.len()
}

/// Best and median nanoseconds.
fn measure(sheet: &Sheet, document: &str) -> (f64, f64) {
    let end = Instant::now() + TIME;
    let mut times = Vec::new();
    while times.len() < 5 || Instant::now() < end {
        let begin = Instant::now();
        std::hint::black_box(once(sheet, document));
        times.push(begin.elapsed().as_secs_f64() * 1e9);
    }
    times.sort_by(f64::total_cmp);
    (times[0], times[times.len() / 2])
}

fn in_c(sheet: &Path, document: &Path) -> Option<(f64, f64)> {
    let program = std::env::var_os("CASTILE_LIBXSLT")?;
    let output = Command::new(program).args([sheet, document]).arg(TIME.as_millis().to_string()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let said = String::from_utf8(output.stdout).unwrap();
    let mut numbers = said.split_whitespace().map(|word| word.parse().unwrap());
    Some((numbers.next()?, numbers.next()?))
}

/// How many times one thread's work two threads do.
fn threads(sheet: &Sheet, document: &str) -> f64 {
    let count = |threads: usize| {
        let end = Instant::now() + TIME;
        let work = || {
            let mut done = 0;
            while Instant::now() < end {
                std::hint::black_box(once(sheet, document));
                done += 1;
            }
            done
        };
        std::thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            running.into_iter().map(|thread| thread.join().unwrap()).sum::<u32>()
        })
    };
    let one = count(1);
    f64::from(count(2)) / f64::from(one)
}

fn order(size: usize) -> String {
    let head = "<soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\"><soap:Body><NewOrder xmlns=\"https://castile.example/orders/1\" \
                currency=\"EUR\"><customerNo>1</customerNo><customerName>Ana</customerName><address postCode=\"40001\"><street>Calle Real 1</street>\
                <town>Segovia</town></address>";
    let mut text = String::from(head);
    while text.len() < size.saturating_sub(120) {
        text.push_str(&format!(
            "<item code=\"AB{:04}\" qty=\"{}\" price=\"{}.50\"/>\n",
            text.len() % 10_000,
            text.len() % 97 + 1,
            text.len() % 1000
        ));
    }
    text + "<payBy>invoice</payBy><note/></NewOrder></soap:Body></soap:Envelope>"
}

fn cities(size: usize) -> String {
    let mut text = String::from("<FindCitiesResponse xmlns=\"https://castile.example/cities\">");
    while text.len() < size.saturating_sub(120) {
        text.push_str(&format!(
            "<city><name>N{0}</name><region>R{1}</region><population>{0}</population></city>\n",
            text.len(),
            text.len() % 17
        ));
    }
    text + "</FindCitiesResponse>"
}
