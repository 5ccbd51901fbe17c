//! The wire, as its clients see it: raw HTTP and raw frames.

mod over_http;
mod toy;
mod wire;
mod ws_protocol;
