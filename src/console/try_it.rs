//! `/{Service}/try`: Swagger UI on the OpenAPI document of a service, whose calls go to the gateway that serves the page.
//!
//! The page and all that it loads are on one host, by addresses relative to the page, so that it works behind proxies that
//! add a prefix. The viewer's files are packed as they came (see scripts/viewer.sh); `start.js` opens it and has its own
//! way with references, for the viewer's never ends with large contracts.

use super::html::escape;
use super::html::path_encode;
use crate::gateway::pages::Asset;
use crate::gateway::pages::Shown;

/// What the page loads.
pub(super) static ASSETS: [Asset; 4] = [
    Asset { name: "swagger-ui-bundle.js", media: SCRIPT, packed: true, bytes: include_bytes!("viewer/swagger-ui-bundle.js.gz") },
    Asset { name: "swagger-ui.css", media: STYLE, packed: true, bytes: include_bytes!("viewer/swagger-ui.css.gz") },
    Asset { name: "start.js", media: SCRIPT, packed: false, bytes: include_bytes!("viewer/start.js") },
    Asset { name: "page.css", media: STYLE, packed: false, bytes: include_bytes!("viewer/page.css") },
];

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
/// In the addresses of what the page loads, for caches.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The page of one service.
pub(super) fn page(shown: &Shown<'_>) -> String {
    let path = path_encode(shown.path);
    let here = path.rsplit('/').next().unwrap_or_default();
    let [name, path, here] = [shown.name, &path, here].map(escape);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>Try {name}</title>\n\
         <link rel=\"icon\" href=\"data:,\">\n\
         <link rel=\"stylesheet\" href=\"try/swagger-ui.css?{VERSION}\">\n\
         <link rel=\"stylesheet\" href=\"try/page.css?{VERSION}\">\n</head>\n<body>\n\
         <header><a href=\"../{here}\">The page of {name}</a> · <a href=\"openapi.json\">openapi.json</a></header>\n\
         <div id=\"viewer\" data-service=\"{path}\"><noscript>This page needs JavaScript.</noscript></div>\n\
         <script src=\"try/swagger-ui-bundle.js?{VERSION}\"></script>\n<script src=\"try/start.js?{VERSION}\"></script>\n\
         </body>\n</html>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_viewers_files_are_packed_and_those_of_ours_are_not() {
        for asset in &ASSETS {
            assert_eq!(asset.bytes.starts_with(&[0x1f, 0x8b]), asset.packed, "{}", asset.name);
            assert_eq!(asset.media == SCRIPT, asset.name.ends_with(".js"), "{}", asset.name);
        }
    }

    #[test]
    fn what_the_viewer_adds_to_the_program_stays_small() {
        let size: usize = ASSETS.iter().map(|asset| asset.bytes.len()).sum();
        assert!(size < 600_000, "{size}");
    }
}
