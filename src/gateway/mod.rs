//! The running gateway: plan, listeners, routing, the upstream pool, replies, telemetry.
//!
//! [`life`] is the life of a request from head to reply, one line a step. All that a request needs was compiled into an
//! immutable [`Plan`](plan::Plan) before; nothing on the way of a request parses configuration or compiles anything.
//! Each core has a runtime of its own with its own connections, on both sides: nothing is shared but the plan.

mod access;
mod activity;
mod aside;
mod coding;
pub mod configured;
mod connect;
mod connection;
mod contractual;
pub mod documents;
pub mod fetch;
pub mod folder;
mod guard;
mod life;
pub mod log;
pub mod mock;
pub mod offload;
mod outgoing;
pub mod pages;
mod passing;
mod patience;
pub mod plan;
pub mod planner;
mod pool;
mod receive;
pub mod resource;
mod rest;
mod room;
mod route;
pub mod server;
pub mod settings;
mod site;
mod soap;
mod trace;
mod unpacking;
mod upstream;
mod wording;
mod worker;
