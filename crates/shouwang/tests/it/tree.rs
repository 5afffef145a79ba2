//! The files of this repository, as text, for the tests that read them.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Where the repository stands.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository")
}

/// One file: its path from the root with `/`, and its text (empty for what is not UTF-8).
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// Is it Rust that only tests see?
    pub fn is_test(&self) -> bool {
        self.path.contains("/tests/")
            || self.path.starts_with("tests/")
            || self.path.contains("/benches/")
            || self.name().ends_with("tests.rs")
            || self.path.starts_with("crates/testkit/")
    }

    /// The lines before the tests at the bottom of the file, each with its number.
    pub fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let end = self.text.find("\n#[cfg(test)]\nmod ").unwrap_or(self.text.len());
        self.text[..end].lines().enumerate().map(|(i, line)| (i + 1, line))
    }
}

/// Every file that is or would be committed.
pub fn files() -> &'static [File] {
    static FILES: OnceLock<Vec<File>> = OnceLock::new();
    FILES.get_or_init(|| {
        let root = root();
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&root)
            .output()
            .expect("git lists the files");
        assert!(
            listed.status.success(),
            "git ls-files: {}",
            String::from_utf8_lossy(&listed.stderr)
        );
        let mut files: Vec<File> = String::from_utf8(listed.stdout)
            .expect("paths are UTF-8")
            .split('\0')
            .filter(|p| !p.is_empty() && root.join(p).is_file())
            .map(|p| {
                let bytes = std::fs::read(root.join(p)).expect("a listed file can be read");
                File { path: p.to_owned(), text: String::from_utf8(bytes).unwrap_or_default() }
            })
            .collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files.dedup_by(|a, b| a.path == b.path);
        assert!(files.len() > 20, "the repository was not found");
        files
    })
}

/// The Rust files of our crates.
pub fn rust() -> impl Iterator<Item = &'static File> {
    files().iter().filter(|f| f.path.starts_with("crates/") && f.path.ends_with(".rs"))
}

/// The file at this path.
pub fn file(path: &str) -> Option<&'static File> {
    files().iter().find(|f| f.path == path)
}

/// The rooms: (wing, room), in the order of each wing's `lib.rs`, which is the order in which they may use each other.
pub fn rooms() -> Vec<(&'static str, String)> {
    let mut rooms = Vec::new();
    for wing in WINGS {
        let Some(lib) = file(&format!("crates/{wing}/src/lib.rs")) else { continue };
        for line in lib.text.lines() {
            let name = line.strip_prefix("pub mod ").and_then(|l| l.strip_suffix(';'));
            if let Some(name) = name {
                rooms.push((wing, name.to_owned()));
            }
        }
    }
    rooms
}

/// The crates whose folders are the county's words.
pub const WINGS: [&str; 3] = ["registry", "casework", "oversight"];

/// Fails with every complaint at once.
pub fn none(what: &str, complaints: Vec<String>) {
    assert!(complaints.is_empty(), "{what}\n  {}\n", complaints.join("\n  "));
}

/// The program under test.
pub fn program() -> testkit::Program {
    testkit::Program::at(env!("CARGO_BIN_EXE_shouwang"))
}
