//! The wire, as its clients see it: raw HTTP and raw frames.

mod over_http;
mod server;

mod ws_protocol;
