//! WSDL 1.1: documents and imports, services, ports, bindings, operations, messages; publishing; the load report.

pub mod contract;
