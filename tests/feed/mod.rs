//! What is pushed.

mod complaint_feed;
