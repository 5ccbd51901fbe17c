//! The command `concierge`: reads the command line and does what it says.

use std::process::ExitCode;

use clap::Parser;
use concierge::{app, cli::Cli};

fn main() -> ExitCode {
    app::run(&Cli::parse())
}
