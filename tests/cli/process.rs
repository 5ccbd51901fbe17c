//! The program in a folder of its own, without the settings of whoever runs the tests.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// Nothing that a test waits for takes longer.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A folder to run in, and the environment there.
pub struct Home {
    pub folder: PathBuf,
    environment: Vec<(&'static str, String)>,
}

/// What a command came to.
pub struct Ran {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// A gateway that runs; killed with the test.
pub struct Serving {
    pub url: String,
    child: Child,
    log: String,
    lines: Receiver<String>,
}

impl Home {
    pub fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("concierge_cli_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir_all(&folder).unwrap();
        Self { folder, environment: Vec::new() }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_concierge"));
        command.args(arguments).current_dir(&self.folder).env_clear();
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "")
    }

    pub fn run_with(&self, arguments: &[&str], input: &str) -> Ran {
        let mut child = self.command(arguments).spawn().unwrap();
        // It may end before it has read all.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ran { code: output.status.code().unwrap(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// Runs what must succeed, and gives its output.
    pub fn done(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
        ran.out
    }

    /// Serves on a free port, and waits until it does.
    pub fn serve(&self) -> Serving {
        self.serve_with(&[])
    }

    /// Like [`Home::serve`], with further flags.
    pub fn serve_with(&self, flags: &[&str]) -> Serving {
        let arguments = [&["serve", "--listen", "127.0.0.1:0"], flags].concat();
        Serving::of(self.command(&arguments).spawn().unwrap())
    }

    /// Serves with the data that are here, on a disk of their own, of this size; gives also where the disk is seen from
    /// here. `None` where no such disk can be made: it takes Linux, and the right to have a namespace.
    pub fn serve_on_a_disk_of(&self, size: &str) -> Option<(Serving, PathBuf)> {
        fs::rename(self.folder.join("data"), self.folder.join("before")).unwrap();
        fs::create_dir(self.folder.join("data")).unwrap();
        let mount =
            format!("mount -t tmpfs -o size={size} tmpfs data && cp -R before/. data && exec \"$0\" \"$@\"");
        let on_disk = |program: &[&str]| {
            let mut command = Command::new("unshare");
            command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &mount]).args(program);
            command.current_dir(&self.folder).env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
            command
        };
        if !on_disk(&["true"]).output().is_ok_and(|output| output.status.success()) {
            return None;
        }
        let serve = [env!("CARGO_BIN_EXE_concierge"), "serve", "--listen", "127.0.0.1:0"];
        let child = on_disk(&serve).spawn().unwrap();
        let seen = format!("/proc/{}/root{}/data", child.id(), self.folder.display());
        Some((Serving::of(child), seen.into()))
    }
}

impl Serving {
    /// Waits until it serves.
    fn of(mut child: Child) -> Self {
        let (sender, lines) = channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        thread::spawn(move || stderr.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
        let mut serving = Serving { url: String::new(), child, log: String::new(), lines };
        while serving.url.is_empty() {
            let Some(line) = serving.line() else { panic!("it did not serve: {}", serving.log) };
            let address =
                line.split("serving GraphQL at ").nth(1).and_then(|rest| rest.split("/graphql").next());
            serving.url = address.unwrap_or_default().to_owned();
        }
        serving
    }

    /// The next line of its log; `None` when it has ended.
    fn line(&mut self) -> Option<String> {
        match self.lines.recv_timeout(PATIENCE) {
            Ok(line) => {
                self.log += &line;
                self.log += "\n";
                Some(line)
            }
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("nothing came; so far: {}", self.log),
        }
    }

    /// The most memory that it has ever held, in megabytes, where the system tells.
    pub fn most_memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let held = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        Some(held.trim().trim_end_matches(" kB").parse::<u64>().ok()? / 1024)
    }

    /// Asks it to stop as a service manager does; gives its exit code and its whole log.
    pub fn terminate(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        while self.line().is_some() {}
        (self.child.wait().unwrap().code(), std::mem::take(&mut self.log))
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Home {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
