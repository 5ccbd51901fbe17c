//! The wire, as its clients see it: raw HTTP, raw frames, and the clients that others wrote.

mod audit;
mod corners;
mod over_http;
mod server;
mod ws_protocol;
