//! The wire, as its clients see it: raw HTTP, raw frames, and the clients that others wrote.

mod audit;
mod clients;
mod corners;
mod limits;
mod once;
mod over_http;
mod seats;
mod server;
mod streamed_feed;
mod streams;
mod ws_corners;
mod ws_protocol;
