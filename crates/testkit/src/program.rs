//! The program as a command line sees it.

use std::ffi::OsStr;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// The binary under test. Tests make it with `Program::at(env!("CARGO_BIN_EXE_shouwang"))`.
#[derive(Debug, Clone)]
pub struct Program {
    exe: PathBuf,
    log: Option<&'static str>,
}

impl Program {
    /// The binary at this path.
    pub fn at(exe: impl AsRef<Path>) -> Program {
        let exe = exe.as_ref().to_owned();
        assert!(exe.is_file(), "no program at {}", exe.display());
        Program { exe, log: None }
    }

    /// The same program writing this much to its log: `trace` is everything.
    pub fn logging(mut self, level: &'static str) -> Program {
        self.log = Some(level);
        self
    }

    /// A command with nothing of the caller's environment that could change what the program does.
    pub fn command(&self, folder: &Path) -> Command {
        let mut command = Command::new(&self.exe);
        for (name, _) in std::env::vars_os() {
            let name_text = name.to_string_lossy();
            let locale = name_text == "LANG" || name_text.starts_with("LC_");
            if name_text.starts_with("SHOUWANG_") || name_text == "COLUMNS" || locale {
                command.env_remove(name);
            }
        }
        if let Some(level) = self.log {
            command.env("SHOUWANG_LOG", level);
        }
        command.current_dir(folder).stdin(Stdio::null());
        command
    }

    /// Runs one verb to its end in `folder`.
    pub fn run<S: AsRef<OsStr>>(&self, folder: &Path, args: &[S]) -> Ran {
        let out = self.command(folder).args(args).output().expect("the program starts");
        Ran {
            asked: args
                .iter()
                .map(|a| a.as_ref().to_string_lossy().into_owned())
                .collect::<Vec<_>>()
                .join(" "),
            code: out.status.code(),
            out: String::from_utf8_lossy(&out.stdout).into_owned(),
            err: String::from_utf8_lossy(&out.stderr).into_owned(),
        }
    }

    /// Starts one verb and does not wait; its output goes to the file `log`.
    pub fn start<S: AsRef<OsStr>>(&self, folder: &Path, args: &[S], log: &Path) -> Child {
        let file = std::fs::File::create(log).expect("a log file");
        let twin = file.try_clone().expect("a log file");
        self.command(folder)
            .args(args)
            .stdout(file)
            .stderr(twin)
            .spawn()
            .expect("the program starts")
    }
}

/// What one run of the program left behind.
#[derive(Debug, Clone)]
pub struct Ran {
    /// The arguments, for messages.
    pub asked: String,
    /// Exit code; none after a signal.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Ran {
    /// It must have gone well.
    pub fn ok(self) -> Ran {
        assert_eq!(self.code, Some(0), "shouwang {}\n{}\n{}", self.asked, self.out, self.err);
        self
    }

    /// It must have ended with this code, and say something on standard error.
    pub fn refused(self, code: i32) -> Ran {
        assert_eq!(self.code, Some(code), "shouwang {}\n{}\n{}", self.asked, self.out, self.err);
        assert!(!self.err.trim().is_empty(), "shouwang {}: nothing on standard error", self.asked);
        self
    }

    /// Standard output as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| {
            panic!("shouwang {}: no JSON ({e}):\n{}\n{}", self.asked, self.out, self.err)
        })
    }
}

/// A port of the loopback interface that nobody uses.
pub fn free_port() -> u16 {
    TcpListener::bind(("127.0.0.1", 0)).and_then(|l| l.local_addr()).expect("a free port").port()
}

/// Asks again and again until `ready` gives something, for at most `seconds`.
pub fn wait_for<T>(what: &str, seconds: u64, mut ready: impl FnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(seconds);
    loop {
        if let Some(got) = ready() {
            return got;
        }
        assert!(Instant::now() < end, "{what}: not within {seconds} s");
        std::thread::sleep(Duration::from_millis(50));
    }
}
