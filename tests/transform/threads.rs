//! One compiled sheet, many threads.

use castile::xslt::Limits;
use castile::xslt::Sheet;

use crate::sheets::load;
use crate::sheets::run_with;
use crate::sheets::sheet;

fn shared() -> Sheet {
    let body = "<xsl:param name='who'/><xsl:key name='k' match='i' use='@g'/><xsl:variable name='n' select='count(//i)'/>\
                <xsl:template match='/'><out n='{$n}' who='{$who}'><xsl:for-each select=\"//i[generate-id() = generate-id(key('k', @g)[1])]\">\
                <xsl:sort select='@g' order='descending'/><g name='{@g}' sum=\"{sum(key('k', @g))}\"/></xsl:for-each>\
                <self><xsl:value-of select=\"count(document('')//*)\"/></self><xsl:value-of select=\"str:replace(string(//i), '1', 'x')\"/></out></xsl:template>";
    load(&sheet(body)).unwrap()
}

fn document(seed: usize) -> String {
    let items: String = (0..40).map(|n| format!("<i g='g{}'>{}</i>", (n * 7 + seed) % 5, n + seed)).collect();
    format!("<l>{items}</l>")
}

#[test]
fn eight_threads_share_one_sheet_and_get_what_one_gets() {
    let shared = shared();
    let limits = Limits::default();
    let result = |seed: usize| run_with(&shared, &document(seed % 10), &[("who", &format!("it's {}", seed % 10))], &limits).unwrap().bytes;
    let expected: Vec<Vec<u8>> = (0..10).map(result).collect();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (expected, result) = (&expected, &result);
            scope.spawn(move || {
                for round in 0..125 {
                    let seed = thread + round;
                    assert_eq!(result(seed), expected[seed % 10], "thread {thread}, round {round}");
                }
            });
        }
    });
}

#[test]
fn sheets_are_compiled_and_dropped_on_different_threads_while_others_run() {
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for round in 0..50 {
                    let compiled = shared();
                    let moved = std::thread::spawn(move || {
                        let done = run_with(&compiled, &document(round), &[], &Limits::default());
                        (compiled, done.is_ok())
                    });
                    assert!(moved.join().unwrap().1);
                    assert!(load("<xsl:stylesheet/>").is_err());
                }
            });
        }
    });
}
