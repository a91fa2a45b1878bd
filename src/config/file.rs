//! `castile.yaml` as the operator writes it, typed.
//!
//! These types are the file's grammar: the JSON Schema for editors and for the check of every file is generated from
//! them, their comments are its descriptions. Each has its defaults here and nowhere else. What the names refer to
//! is checked in `names`; what the contracts say, when the plan is made.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::limits::Limits;
use crate::config::units::Secret;
use crate::config::units::Time;

/// The configuration of a gateway.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "castile.yaml")]
pub struct File {
    /// The version of this format: 1
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// Where the gateway listens, by name; without any at 127.0.0.1:8080
    #[serde(default)]
    pub listeners: BTreeMap<String, Listener>,
    /// How much of anything is accepted, and how long callers may take
    #[serde(default)]
    pub limits: Limits,
    /// Prefixes for expressions, beside those of the WSDLs
    #[serde(default)]
    pub namespaces: BTreeMap<String, String>,
    /// SOAP servers that services share, by name
    #[serde(default)]
    pub upstreams: BTreeMap<String, Upstream>,
    /// The services, by name: the name is also the default of `path`
    #[schemars(extend("minProperties" = 1))]
    pub services: BTreeMap<String, Service>,
}

/// A place where the gateway listens.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Listener {
    /// Address and port: 0.0.0.0:8080; port 0 takes a free one
    #[schemars(length(min = 1), extend("examples" = ["0.0.0.0:8080"]))]
    pub address: String,
}

/// A SOAP server and how it is called.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Upstream {
    /// Its URL, as a list of one
    #[schemars(length(min = 1, max = 1))]
    pub endpoints: Vec<Endpoint>,
    /// How long it may take
    #[serde(default)]
    pub timeouts: Timeouts,
    /// How castile identifies itself
    #[serde(default)]
    #[schemars(with = "Auth")]
    pub auth: Option<Auth>,
    /// Headers added to every request
    #[serde(default)]
    pub headers: BTreeMap<String, HeaderValue>,
    /// How its certificate is judged
    #[serde(default)]
    pub tls: Tls,
}

/// The value of a header, maybe a secret.
pub type HeaderValue = Secret;

/// The SOAP server of one service: a shared one by name, or its own.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServiceUpstream {
    /// The name of one of the `upstreams`; what else is given here stands instead of what is given there
    #[serde(default)]
    #[schemars(with = "String")]
    pub r#use: Option<String>,
    /// Its URL, as a list of one
    #[serde(default)]
    #[schemars(with = "Vec<Endpoint>", length(min = 1, max = 1))]
    pub endpoints: Option<Vec<Endpoint>>,
    /// How long it may take
    #[serde(default)]
    pub timeouts: Timeouts,
    /// How castile identifies itself
    #[serde(default)]
    #[schemars(with = "Auth")]
    pub auth: Option<Auth>,
    /// Headers added to every request
    #[serde(default)]
    pub headers: BTreeMap<String, HeaderValue>,
    /// How its certificate is judged
    #[serde(default)]
    pub tls: Tls,
}

/// An address of a SOAP server.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Endpoint {
    /// http://… or https://…
    #[schemars(regex(pattern = "^https?://[^ ]+$"), extend("examples" = ["https://erp.example/ws"]))]
    pub url: String,
}

/// How long an upstream may take.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Timeouts {
    /// For the connection, TLS included (default 5s)
    #[serde(default)]
    #[schemars(with = "Time")]
    pub connect: Option<Time>,
    /// From the sent request to the first byte of the reply (default 30s)
    #[serde(default)]
    #[schemars(with = "Time")]
    pub first_byte: Option<Time>,
    /// From the request to the last byte of the reply (default 60s)
    #[serde(default)]
    #[schemars(with = "Time")]
    pub total: Option<Time>,
}

/// How castile identifies itself to an upstream.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
pub struct Auth {
    /// HTTP Basic authentication
    #[serde(default)]
    #[schemars(with = "Basic")]
    pub basic: Option<Basic>,
}

/// A user and password for HTTP Basic authentication.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Basic {
    /// The name of the user, without a colon
    #[schemars(regex(pattern = "^[^:]+$"))]
    pub user: String,
    /// The password
    pub password: Secret,
}

/// How the certificate of an upstream is judged.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// A file of certificates (PEM) that are trusted beside the public ones
    #[serde(default)]
    #[schemars(with = "String", length(min = 1))]
    pub roots: Option<String>,
}

/// A service in front of a SOAP service.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// The names of the listeners that serve it (default: all)
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(min = 1))]
    pub listeners: Option<Vec<String>>,
    /// Its path (default: / and its name): SOAP is served here, REST below
    #[serde(default)]
    #[schemars(with = "String", regex(pattern = "^(/[A-Za-z0-9._~-]+)+$"), extend("examples" = ["/orders"]))]
    pub path: Option<String>,
    /// Its contract
    pub wsdl: Wsdl,
    /// The operations to serve (default: all)
    #[serde(default)]
    #[schemars(with = "Vec<String>", length(min = 1))]
    pub expose: Option<Vec<String>>,
    /// The SOAP server (default: the address in the WSDL)
    #[serde(default)]
    #[schemars(with = "ServiceUpstream")]
    pub upstream: Option<ServiceUpstream>,
    /// How values stand in JSON
    #[serde(default)]
    pub json: Json,
    /// How each message is judged as it arrived
    #[serde(default)]
    pub validate: Validate,
    /// What errors tell callers
    #[serde(default)]
    pub errors: Errors,
    /// What is done round each call, in order
    #[serde(default)]
    pub policies: Vec<Policy>,
    /// What is done to the XML message of each request, in order
    #[serde(default)]
    pub request: Vec<Step>,
    /// What is done to the XML message of each reply, in order
    #[serde(default)]
    pub reply: Vec<Step>,
    /// What single operations have of their own
    #[serde(default)]
    pub operations: BTreeMap<String, Operation>,
}

/// Where the contract of a service is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wsdl {
    /// A file, relative to this one
    #[serde(default)]
    #[schemars(with = "String", length(min = 1))]
    pub file: Option<String>,
    /// A URL
    #[serde(default)]
    #[schemars(with = "String", regex(pattern = "^https?://[^ ]+$"), extend("examples" = ["https://erp.example/orders?wsdl"]))]
    pub url: Option<String>,
    /// The name of the WSDL's service (needed where it has several)
    #[serde(default)]
    #[schemars(with = "String", length(min = 1))]
    pub service: Option<String>,
    /// The name of its port for REST callers (default: the first SOAP port)
    #[serde(default)]
    #[schemars(with = "String", length(min = 1))]
    pub port: Option<String>,
}

/// How values stand in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Json {
    /// How xs:long, xs:integer and xs:decimal stand in JSON
    #[serde(default)]
    pub big_numbers: BigNumbers,
    /// Whether a type that holds nothing but one repeated element is the array itself
    #[serde(default)]
    pub arrays: Arrays,
}

/// How xs:long, xs:integer and xs:decimal stand in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BigNumbers {
    /// As numbers, all digits kept
    #[default]
    Number,
    /// As strings; requests may have either
    String,
}

/// How a type that holds nothing but one repeated element stands in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Arrays {
    /// As an object with the array in it
    #[default]
    Wrapped,
    /// As the array itself
    Unwrapped,
}

/// How each message is judged as it arrived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Validate {
    /// Requests (default: enforce for REST, off for SOAP)
    #[serde(default)]
    #[schemars(with = "Mode")]
    pub request: Option<Mode>,
    /// Replies (default: report for REST, off for SOAP)
    #[serde(default)]
    #[schemars(with = "Mode")]
    pub reply: Option<Mode>,
}

/// What becomes of a message that breaks its schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// It is refused
    Enforce,
    /// It passes; the log says where it is broken
    Report,
    /// It passes
    Off,
}

/// What errors tell callers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Errors {
    /// Values of the message are shown in errors about them
    #[serde(default)]
    pub values: bool,
    /// The detail of a fault that the WSDL does not declare is shown
    #[serde(default)]
    pub undeclared_detail: bool,
}

/// Something that is done round each call. This version has none yet.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
pub struct Policy {}

/// Something that is done to a message.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("minProperties" = 1, "maxProperties" = 1))]
pub struct Step {
    /// Judges the message as it stands at this step
    #[serde(default)]
    #[schemars(with = "ValidateStep")]
    pub validate: Option<ValidateStep>,
}

/// Judges the message as it stands at this step.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ValidateStep {
    /// By which schema: that of the WSDL
    #[serde(default)]
    pub schema: StepSchema,
    /// What becomes of a message that breaks it (default: enforce)
    #[serde(default)]
    #[schemars(with = "Mode")]
    pub mode: Option<Mode>,
}

/// The schema of a validate step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StepSchema {
    /// That of the service's WSDL
    #[default]
    Wsdl,
}

/// What a single operation has of its own.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Operation {
    /// Its verb and path below the service's, with paths into the request's JSON: "GET /{OrderId}?lang={Options/@lang}"
    #[serde(default)]
    #[schemars(with = "String", length(min = 1), extend("examples" = ["GET /{OrderId}?lang={Options/@lang}"]))]
    pub rest: Option<String>,
    /// From the request to the last byte of the reply
    #[serde(default)]
    #[schemars(with = "Time")]
    pub timeout: Option<Time>,
    /// The HTTP status of its declared faults, by the name of the fault or of its element (default 422)
    #[serde(default)]
    #[schemars(extend("additionalProperties" = { "type": "integer", "minimum": 400, "maximum": 599 }))]
    pub faults: BTreeMap<String, u16>,
}
