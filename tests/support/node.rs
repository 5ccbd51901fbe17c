//! Other people's clients, in JavaScript: the scripts of `tests/clients`. They tell what they see as lines of JSON.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc;

use super::ran;

/// Nothing a test waits for takes longer, so what hangs fails.
const PATIENCE: Duration = Duration::from_secs(30);

/// The oldest node that the clients run on.
const OLDEST: u32 = 20;

/// A script that runs; killed with the test.
pub struct Node {
    child: Child,
    input: ChildStdin,
    lines: mpsc::UnboundedReceiver<String>,
}

impl Node {
    /// Begins a script; `None` where there is no node or the clients are not installed, unless they are required.
    pub fn run(script: &str, arguments: &[&str]) -> Option<Self> {
        if !is_there() {
            return None;
        }
        let mut command = Command::new("node");
        command.arg(folder().join(script)).args(arguments);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (sender, lines) = mpsc::unbounded_channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        Some(Self { child, input, lines })
    }

    /// The next thing it tells; `None` at its end.
    pub async fn next(&mut self) -> Option<Value> {
        let line =
            tokio::time::timeout(PATIENCE, self.lines.recv()).await.expect("the script says nothing")?;
        Some(serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}")))
    }

    /// The next thing it tells, which must be one.
    pub async fn told(&mut self) -> Value {
        self.next().await.expect("the script has ended")
    }

    /// Waits for this to be told; all else before it is a failure.
    pub async fn expect(&mut self, told: Value) {
        assert_eq!(self.told().await, told);
    }

    /// Tells it something, on a line.
    pub fn say(&mut self, line: &str) {
        writeln!(self.input, "{line}").unwrap();
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients")
}

fn is_there() -> bool {
    static FOUND: OnceLock<bool> = OnceLock::new();
    *FOUND.get_or_init(|| {
        let found = version().is_some_and(|version| version >= OLDEST)
            && folder().join("node_modules/.package-lock.json").exists();
        let required = std::env::var("CONCIERGE_TEST_NODE").is_ok();
        assert!(found || !required, "node {OLDEST} is required, and `npm ci` in tests/clients");
        if found {
            ran::with("clients");
        }
        found
    })
}

fn version() -> Option<u32> {
    let printed = Command::new("node").arg("--version").output().ok()?.stdout;
    let printed = String::from_utf8(printed).ok()?;
    printed.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}
