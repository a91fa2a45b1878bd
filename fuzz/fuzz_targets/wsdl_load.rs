//! Loading of WSDLs with their schemas: whatever the operator gives, there is a contract or a diagnosis.

#![no_main]

use std::sync::Arc;

use castile::schema::load::NoResolver;
use castile::transcode::Codec;
use castile::wsdl;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &str| {
    if let Ok(contract) = wsdl::load("fuzz.wsdl", data, &mut NoResolver) {
        for diagnostic in &contract.diagnostics {
            let _ = contract.sources.render(diagnostic);
        }
        let _ = Codec::new(Arc::new(contract));
    }
});
