//! The built-in catalogue of well-known schemas: SOAP, WS-*, xmlmime, `xml:` and their kin.
//!
//! Contracts refer to them by URL, by namespace alone, or by a path to a copy that nobody shipped. Their texts stand in
//! `wsdl/catalogue`, free of DTDs, each with its notice.

/// A document of the catalogue.
#[derive(Debug)]
pub struct Entry {
    /// The URL it is known by.
    pub location: &'static str,
    /// Its target namespace.
    pub namespace: &'static str,
    /// Its text.
    pub text: &'static str,
    /// Other URLs that lead to it.
    aliases: &'static [&'static str],
}

pub use crate::schema::load::BUILT_IN;

/// Whether a document of this name comes from the catalogue.
#[must_use]
pub fn is_built_in(name: &str) -> bool {
    name.starts_with(BUILT_IN)
}

/// The entry that a location leads to from a document of this name: by its URL, or relative to an entry.
#[must_use]
pub fn resolve(base: &str, location: &str) -> Option<&'static Entry> {
    if let Some(found) = by_location(location) {
        return Some(found);
    }
    let folder = base.strip_prefix(BUILT_IN)?.rsplit_once('/')?.0;
    let file = location.trim_start_matches("./");
    by_location(&format!("{folder}/{file}"))
}

/// The document at a URL: http and https alike, a final slash and a fragment forgiven.
#[must_use]
pub fn by_location(url: &str) -> Option<&'static Entry> {
    let url = plain(url)?;
    let is = |known: &&str| plain(known) == Some(url);
    ENTRIES.iter().find(|entry| is(&entry.location) || is(&entry.namespace) || entry.aliases.iter().any(is))
}

/// The schema of a namespace; never a WSDL.
#[must_use]
pub fn by_namespace(ns: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.namespace == ns && !entry.location.ends_with(".wsdl"))
}

/// All documents.
#[must_use]
pub fn entries() -> &'static [Entry] {
    ENTRIES
}

/// A URL without its scheme, final slash and fragment sign; none for what is no http(s) URL.
fn plain(url: &str) -> Option<&str> {
    let rest = url.trim().strip_prefix("http")?;
    let rest = rest.strip_prefix('s').unwrap_or(rest).strip_prefix("://")?;
    Some(rest.trim_end_matches(['#', '/']))
}

/// One entry: file, URL, namespace, other URLs.
macro_rules! entry {
    ($file:literal, $location:literal, $namespace:literal $(, $alias:literal)* $(,)?) => {
        Entry {
            location: $location,
            namespace: $namespace,
            text: include_str!(concat!("../../wsdl/catalogue/", $file)),
            aliases: &[$($alias),*],
        }
    };
}

static ENTRIES: &[Entry] = &[
    entry!(
        "xml.xsd",
        "http://www.w3.org/2001/xml.xsd",
        "http://www.w3.org/XML/1998/namespace",
        "http://www.w3.org/2001/03/xml.xsd",
        "http://docs.oasis-open.org/wsn/xml.xsd",
        "http://docs.oasis-open.org/wsrf/xml.xsd",
        "http://www.w3.org/2009/01/xml.xsd",
        "http://www.w3.org/2005/08/xml.xsd",
        "http://www.w3.org/2004/10/xml.xsd",
    ),
    entry!("XMLSchema.xsd", "http://www.w3.org/2001/XMLSchema.xsd", "http://www.w3.org/2001/XMLSchema"),
    entry!("xsi.xsd", "http://www.w3.org/2001/XMLSchema-instance", "http://www.w3.org/2001/XMLSchema-instance"),
    entry!(
        "xlink.xsd",
        "http://www.w3.org/1999/xlink.xsd",
        "http://www.w3.org/1999/xlink",
        "http://www.w3.org/XML/2008/06/xlink.xsd",
        "http://schemas.opengis.net/xlink/1.0.0/xlinks.xsd",
    ),
    entry!("soap-envelope.xsd", "http://schemas.xmlsoap.org/soap/envelope/", "http://schemas.xmlsoap.org/soap/envelope/"),
    entry!("soap-encoding.xsd", "http://schemas.xmlsoap.org/soap/encoding/", "http://schemas.xmlsoap.org/soap/encoding/"),
    entry!("soap12-envelope.xsd", "http://www.w3.org/2003/05/soap-envelope", "http://www.w3.org/2003/05/soap-envelope"),
    entry!("soap12-encoding.xsd", "http://www.w3.org/2003/05/soap-encoding", "http://www.w3.org/2003/05/soap-encoding"),
    entry!("wsdl.xsd", "http://schemas.xmlsoap.org/wsdl/", "http://schemas.xmlsoap.org/wsdl/"),
    entry!(
        "addressing.xsd",
        "http://schemas.xmlsoap.org/ws/2004/08/addressing",
        "http://schemas.xmlsoap.org/ws/2004/08/addressing",
        "http://schemas.xmlsoap.org/ws/2004/08/addressing/addressing.xsd",
    ),
    entry!("addressing200403.xsd", "http://schemas.xmlsoap.org/ws/2004/03/addressing", "http://schemas.xmlsoap.org/ws/2004/03/addressing",),
    entry!("b-2.xsd", "http://docs.oasis-open.org/wsn/b-2.xsd", "http://docs.oasis-open.org/wsn/b-2"),
    entry!(
        "bf-2.xsd",
        "http://docs.oasis-open.org/wsrf/bf-2.xsd",
        "http://docs.oasis-open.org/wsrf/bf-2",
        "http://docs.oasis-open.org/wsn/bf-2.xsd",
    ),
    entry!("br-2.xsd", "http://docs.oasis-open.org/wsn/br-2.xsd", "http://docs.oasis-open.org/wsn/br-2"),
    entry!("brw-2.wsdl", "http://docs.oasis-open.org/wsn/brw-2.wsdl", "http://docs.oasis-open.org/wsn/brw-2"),
    entry!("bw-2.wsdl", "http://docs.oasis-open.org/wsn/bw-2.wsdl", "http://docs.oasis-open.org/wsn/bw-2"),
    entry!("http-binding.xsd", "http://schemas.xmlsoap.org/wsdl/http/", "http://schemas.xmlsoap.org/wsdl/http/"),
    entry!("mime-binding.xsd", "http://schemas.xmlsoap.org/wsdl/mime/", "http://schemas.xmlsoap.org/wsdl/mime/"),
    entry!(
        "oasis-200401-wss-wssecurity-secext-1.0.xsd",
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
    ),
    entry!(
        "oasis-200401-wss-wssecurity-utility-1.0.xsd",
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd",
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd",
    ),
    entry!(
        "r-2.xsd",
        "http://docs.oasis-open.org/wsrf/r-2.xsd",
        "http://docs.oasis-open.org/wsrf/r-2",
        "http://docs.oasis-open.org/wsn/r-2.xsd",
    ),
    entry!(
        "rp-2.xsd",
        "http://docs.oasis-open.org/wsrf/rp-2.xsd",
        "http://docs.oasis-open.org/wsrf/rp-2",
        "http://docs.oasis-open.org/wsn/rp-2.xsd",
    ),
    entry!("rpw-2.wsdl", "http://docs.oasis-open.org/wsrf/rpw-2.wsdl", "http://docs.oasis-open.org/wsrf/rpw-2"),
    entry!(
        "rw-2.wsdl",
        "http://docs.oasis-open.org/wsrf/rw-2.wsdl",
        "http://docs.oasis-open.org/wsrf/rw-2",
        "http://docs.oasis-open.org/wsn/rw-2.wsdl",
    ),
    entry!(
        "saml-1.1.xsd",
        "http://www.oasis-open.org/committees/security/docs/cs-sstc-schema-assertion-1.1.xsd",
        "urn:oasis:names:tc:SAML:1.0:assertion",
        "http://www.oasis-open.org/committees/download.php/3407/oasis-sstc-saml-schema-assertion-1.1.xsd",
    ),
    entry!(
        "saml-2.0.xsd",
        "http://docs.oasis-open.org/security/saml/v2.0/saml-schema-assertion-2.0.xsd",
        "urn:oasis:names:tc:SAML:2.0:assertion",
    ),
    entry!(
        "saml-protocol-1.1.xsd",
        "http://www.oasis-open.org/committees/security/docs/cs-sstc-schema-protocol-1.1.xsd",
        "urn:oasis:names:tc:SAML:1.0:protocol",
    ),
    entry!(
        "saml-protocol-2.0.xsd",
        "http://docs.oasis-open.org/security/saml/v2.0/saml-schema-protocol-2.0.xsd",
        "urn:oasis:names:tc:SAML:2.0:protocol",
    ),
    entry!("soap-binding.xsd", "http://schemas.xmlsoap.org/wsdl/soap/", "http://schemas.xmlsoap.org/wsdl/soap/"),
    entry!("soap12-binding.xsd", "http://schemas.xmlsoap.org/wsdl/soap12/", "http://schemas.xmlsoap.org/wsdl/soap12/"),
    entry!("swaref.xsd", "http://ws-i.org/profiles/basic/1.1/swaref.xsd", "http://ws-i.org/profiles/basic/1.1/xsd"),
    entry!("t-1.xsd", "http://docs.oasis-open.org/wsn/t-1.xsd", "http://docs.oasis-open.org/wsn/t-1"),
    entry!("ws-addr-wsdl.xsd", "http://www.w3.org/2006/05/addressing/wsdl", "http://www.w3.org/2006/05/addressing/wsdl"),
    entry!(
        "ws-addr.xsd",
        "http://www.w3.org/2005/08/addressing/ws-addr.xsd",
        "http://www.w3.org/2005/08/addressing",
        "http://www.w3.org/2006/03/addressing/ws-addr.xsd",
        "http://docs.oasis-open.org/wsn/ws-addr.xsd",
        "http://docs.oasis-open.org/wsrf/ws-addr.xsd",
        "http://www.w3.org/2005/08/addressing.xsd",
    ),
    entry!(
        "ws-discovery.xsd",
        "http://schemas.xmlsoap.org/ws/2005/04/discovery/ws-discovery.xsd",
        "http://schemas.xmlsoap.org/ws/2005/04/discovery",
    ),
    entry!(
        "ws-mex.xsd",
        "http://schemas.xmlsoap.org/ws/2004/09/mex",
        "http://schemas.xmlsoap.org/ws/2004/09/mex",
        "http://schemas.xmlsoap.org/ws/2004/09/mex/MetadataExchange.xsd",
    ),
    entry!(
        "ws-policy-200409.xsd",
        "http://schemas.xmlsoap.org/ws/2004/09/policy",
        "http://schemas.xmlsoap.org/ws/2004/09/policy",
        "http://schemas.xmlsoap.org/ws/2004/09/policy/ws-policy.xsd",
    ),
    entry!("ws-policy-200607.xsd", "http://www.w3.org/2006/07/ws-policy", "http://www.w3.org/2006/07/ws-policy"),
    entry!("ws-policy-200702.xsd", "http://www.w3.org/2007/02/ws-policy.xsd", "http://www.w3.org/ns/ws-policy"),
    entry!(
        "ws-rm-1.1.xsd",
        "http://docs.oasis-open.org/ws-rx/wsrm/200702/wsrm-1.1-schema-200702.xsd",
        "http://docs.oasis-open.org/ws-rx/wsrm/200702",
    ),
    entry!("ws-rm-200502.xsd", "http://schemas.xmlsoap.org/ws/2005/02/rm/wsrm.xsd", "http://schemas.xmlsoap.org/ws/2005/02/rm",),
    entry!(
        "ws-secureconversation-1.3.xsd",
        "http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512/ws-secureconversation-1.3.xsd",
        "http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512",
    ),
    entry!(
        "ws-secureconversation-200502.xsd",
        "http://schemas.xmlsoap.org/ws/2005/02/sc",
        "http://schemas.xmlsoap.org/ws/2005/02/sc",
        "http://schemas.xmlsoap.org/ws/2005/02/sc/secure-conversation.xsd",
    ),
    entry!(
        "ws-securitypolicy-1.2.xsd",
        "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702",
        "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702",
        "http://docs.oasis-open.org/ws-sx/ws-securitypolicy/200702/ws-securitypolicy-1.2.xsd",
    ),
    entry!(
        "ws-trust-1.3.xsd",
        "http://docs.oasis-open.org/ws-sx/ws-trust/200512/ws-trust-1.3.xsd",
        "http://docs.oasis-open.org/ws-sx/ws-trust/200512",
    ),
    entry!(
        "ws-trust-200502.xsd",
        "http://schemas.xmlsoap.org/ws/2005/02/trust",
        "http://schemas.xmlsoap.org/ws/2005/02/trust",
        "http://schemas.xmlsoap.org/ws/2005/02/trust/ws-trust.xsd",
    ),
    entry!(
        "wss-secext-1.1.xsd",
        "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd",
        "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd",
    ),
    entry!("xenc-schema.xsd", "http://www.w3.org/TR/2002/REC-xmlenc-core-20021210/xenc-schema.xsd", "http://www.w3.org/2001/04/xmlenc#",),
    entry!("xmime200411.xsd", "http://www.w3.org/2004/11/xmlmime", "http://www.w3.org/2004/11/xmlmime"),
    entry!("xmime200505.xsd", "http://www.w3.org/2005/05/xmlmime", "http://www.w3.org/2005/05/xmlmime"),
    entry!(
        "xmldsig-core-schema.xsd",
        "http://www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd",
        "http://www.w3.org/2000/09/xmldsig#",
        "http://www.w3.org/TR/xmldsig-core/xmldsig-core-schema.xsd",
        "http://www.w3.org/TR/2008/REC-xmldsig-core-20080610/xmldsig-core-schema.xsd",
        "http://www.w3.org/TR/2002/REC-xmlenc-core-20021210/xmldsig-core-schema.xsd",
    ),
    entry!(
        "xop.xsd",
        "http://www.w3.org/2004/08/xop/include",
        "http://www.w3.org/2004/08/xop/include",
        "http://www.w3.org/2004/08/xop/include.xsd",
        "http://www.w3.org/TR/2002/REC-xmlenc-core-20021210/xop-include.xsd",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_parses_without_a_dtd_and_has_its_namespace() {
        for entry in entries() {
            let document = roxmltree::Document::parse(entry.text).unwrap_or_else(|error| panic!("{}: {error}", entry.location));
            let root = document.root_element();
            assert_eq!(root.attribute("targetNamespace"), Some(entry.namespace), "{}", entry.location);
            assert!(!entry.text.contains("<!DOCTYPE") && entry.text.contains("<!--"), "{}", entry.location);
            assert!(by_location(entry.location).is_some_and(|found| std::ptr::eq(found, entry)), "{}", entry.location);
        }
    }

    #[test]
    fn every_import_of_an_entry_leads_to_an_entry() {
        for entry in entries() {
            let document = roxmltree::Document::parse(entry.text).unwrap();
            let base = format!("{BUILT_IN}{}", entry.location);
            for import in document.descendants().filter(|node| matches!(node.tag_name().name(), "import" | "include")) {
                let location = import.attribute("schemaLocation").or_else(|| import.attribute("location"));
                let found = match location {
                    Some(location) => resolve(&base, location),
                    None => import.attribute("namespace").and_then(by_namespace),
                };
                let ns = found.map(|found| found.namespace);
                assert_eq!(ns, import.attribute("namespace"), "{base}: {location:?}");
            }
        }
    }

    #[test]
    fn urls_are_matched_with_either_scheme_and_strange_ones_not() {
        assert!(by_location("https://www.w3.org/2001/xml.xsd").is_some());
        assert!(by_location("http://schemas.xmlsoap.org/soap/encoding").is_some());
        assert!(by_location("http://www.w3.org/2000/09/xmldsig#").is_some());
        assert!(by_location("xml.xsd").is_none());
        assert!(by_location("http://example.com/xml.xsd").is_none());
    }
}
