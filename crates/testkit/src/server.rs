//! A county in a folder of its own, and the program serving it.

use crate::{Person, Program, Ran, Visitor, free_port, wait_for};
use std::ffi::{OsStr, OsString};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::Child;
use tempfile::TempDir;

/// The day of every test: the whole process takes it for today.
pub const TODAY: &str = "2026-10-31";

/// A county in a temporary folder.
pub struct County {
    program: Program,
    folder: TempDir,
}

impl County {
    /// A new county without anybody in it but the first account, whose password is returned too.
    pub fn empty(program: &Program) -> (County, String) {
        let county = County::in_a_folder(program);
        let told = county.run(&["init", "--county", "500154"]).ok().out;
        let password = told
            .lines()
            .find_map(|l| l.strip_prefix("password"))
            .and_then(|l| l.split_whitespace().next());
        let password =
            password.unwrap_or_else(|| panic!("init told no password:\n{told}")).to_owned();
        (county, password)
    }

    /// The sample county that `demo` makes, with this many households.
    pub fn demo(program: &Program, households: u32) -> County {
        let county = County::in_a_folder(program);
        let households = households.to_string();
        county.run(&["demo", "--households", &households, "--seed", "7", "--no-serve"]).ok();
        county
    }

    /// A folder in which nothing is yet.
    pub fn empty_folder(program: &Program) -> County {
        County::in_a_folder(program)
    }

    fn in_a_folder(program: &Program) -> County {
        County { program: program.clone(), folder: TempDir::new().expect("a folder") }
    }

    /// The temporary folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder of the county inside it.
    pub fn home(&self) -> PathBuf {
        self.folder.path().join("county")
    }

    /// The embedded database.
    pub fn database(&self) -> PathBuf {
        self.home().join("shouwang.db")
    }

    /// Runs a verb on this county.
    pub fn run<S: AsRef<OsStr>>(&self, args: &[S]) -> Ran {
        self.program.run(self.path(), &self.on_this(args))
    }

    /// Starts a verb on this county without waiting for its end; its output goes to the file `verb.log`.
    pub fn start<S: AsRef<OsStr>>(&self, args: &[S]) -> Child {
        self.program.start(self.path(), &self.on_this(args), &self.path().join("verb.log"))
    }

    fn on_this<S: AsRef<OsStr>>(&self, args: &[S]) -> Vec<OsString> {
        let mut all: Vec<OsString> = args.iter().map(|a| a.as_ref().to_owned()).collect();
        all.extend(["--dir", "county", "--today", TODAY, "--lang", "en"].map(OsString::from));
        all
    }

    /// Serves it on a free port and waits until it answers.
    pub fn serve(&self) -> Server {
        self.serve_as(&["serve"])
    }

    /// The same with a verb of its own that takes `--listen`.
    pub fn serve_as(&self, verb: &[&str]) -> Server {
        let port = free_port();
        let listen = format!("127.0.0.1:{port}");
        let log = self.path().join(format!("serve-{port}.log"));
        let verb = [verb, &["--listen", &listen]].concat();
        let child = self.program.start(self.path(), &self.on_this(&verb), &log);
        let mut server = Server { child, log, url: format!("http://{listen}") };
        wait_for("the server answers", 60, || {
            if let Some(status) = server.child.try_wait().expect("a child") {
                panic!("the server ended ({status}):\n{}", server.log_text());
            }
            TcpStream::connect(("127.0.0.1", port)).ok()
        });
        server
    }
}

/// The running program.
pub struct Server {
    child: Child,
    log: PathBuf,
    url: String,
}

impl Server {
    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A browser that nobody has signed in with.
    pub fn visitor(&self) -> Visitor {
        Visitor::new(&self.url)
    }

    /// A browser in which this person went through their door of the demo.
    pub fn door(&self, person: Person) -> Visitor {
        let visitor = self.visitor();
        visitor.enter(person);
        visitor
    }

    /// What the program wrote so far.
    pub fn log_text(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// As a power cut would: no signal handler runs.
    pub fn kill9(mut self) {
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("a dead child");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if !std::thread::panicking() {
            let told = personal(&self.log_text());
            assert!(told.is_empty(), "the log tells personal data: {told:?}");
        }
    }
}

/// The identity numbers and mobile phone numbers that stand in a text, as whole words.
pub fn personal(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| {
            let digits = word.chars().take_while(char::is_ascii_digit).count();
            let identity = word.len() == 18 && digits >= 17 && checks(word);
            let phone = word.len() == 11
                && digits == 11
                && word.starts_with('1')
                && !word.starts_with("10");
            identity || phone
        })
        .map(str::to_owned)
        .collect()
}

/// GB 11643: does the last character agree with the seventeen digits before it?
fn checks(word: &str) -> bool {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 =
        word.chars().filter_map(|c| c.to_digit(10)).zip(WEIGHTS).map(|(d, w)| d * w).sum();
    let check = "10X98765432".chars().nth((sum % 11) as usize);
    word.chars().last().map(|c| c.to_ascii_uppercase()) == check
}

#[cfg(test)]
mod tests {
    use super::personal;

    #[test]
    fn the_log_reader_finds_numbers_of_people_and_nothing_else() {
        assert_eq!(personal("id=11010519491231002X;"), ["11010519491231002X"]);
        assert_eq!(personal("phone 16012345678 called"), ["16012345678"]);
        assert!(
            personal("11010519491231002A 140430203001 018f3a2b4c5d6e7f8091a2b3c4d5e6f7").is_empty()
        );
        assert!(personal("1730332800000 5002**********1234").is_empty());
    }
}
