//! Sheets in the gateway's pool: an endless one is stopped, and the pool goes on.

use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use castile::gateway::offload::Offload;
use castile::gateway::offload::Overload;
use castile::gateway::offload::Size;
use castile::xml::limits::Limits as XmlLimits;
use castile::xslt::Call;
use castile::xslt::Limits;
use castile::xslt::Reason;
use castile::xslt::Sheet;

use crate::sheets::load;
use crate::sheets::sheet;
use crate::sheets::template;

async fn run(pool: &Offload, sheet: &Arc<Sheet>, document: String, limits: Limits) -> Result<Result<Vec<u8>, Reason>, Overload> {
    let sheet = Arc::clone(sheet);
    let piece = move |stop: &std::sync::atomic::AtomicBool| {
        let guard = XmlLimits::default();
        let call = Call { parameters: &[], documents: &[], limits: &limits, guard: &guard, stop: Some(stop) };
        sheet.run(document.as_bytes(), &call).map(|done| done.bytes).map_err(|failure| failure.reason)
    };
    pool.run(piece).await
}

#[tokio::test]
async fn an_endless_sheet_is_stopped_and_the_pool_recovers() {
    let size = Size { threads: 1, queue: 4, patience: Duration::from_millis(400), ..Size::default() };
    let pool = Offload::start(size).unwrap();
    let items = format!("<l>{}</l>", "<i/>".repeat(3000));
    let nested =
        "<xsl:for-each select='//i'><xsl:for-each select='//i'><xsl:for-each select='//i'>x</xsl:for-each></xsl:for-each></xsl:for-each>";
    let endless = Arc::new(load(&template(nested)).unwrap());
    let good = Arc::new(load(&template("<out/>")).unwrap());
    let unlimited = Limits { operations: usize::MAX >> 1, memory: 8 << 30, ..Limits::default() };
    assert_eq!(run(&pool, &endless, items, unlimited).await, Err(Overload::TimedOut));
    let begin = Instant::now();
    // The thread is free again once libxslt has seen the flag.
    while run(&pool, &good, String::from("<a/>"), Limits::default()).await.is_err() {
        assert!(begin.elapsed() < Duration::from_secs(20), "the pool does not recover");
    }
}

#[tokio::test]
async fn the_threads_of_the_pool_have_room_for_the_whole_depth() {
    let body = "<xsl:template match='/'><out><xsl:call-template name='t'/></out></xsl:template>\
                <xsl:template name='t'><xsl:param name='n' select='0'/><xsl:if test='$n &lt; 1000'><xsl:call-template name='t'>\
                <xsl:with-param name='n' select='$n + 1'/></xsl:call-template></xsl:if><xsl:if test='$n = 1000'>deep</xsl:if></xsl:template>";
    let pool = Offload::start(Size { threads: 1, ..Size::default() }).unwrap();
    let deep = Arc::new(load(&sheet(body)).unwrap());
    let bytes = run(&pool, &deep, String::from("<a/>"), Limits::default()).await.unwrap().unwrap();
    assert!(String::from_utf8(bytes).unwrap().ends_with("<out>deep</out>\n"));
}
