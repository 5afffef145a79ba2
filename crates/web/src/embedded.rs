//! The files that travel inside the program: `assets/` and `locales/`.
//!
//! A release carries them in the binary. A debug build reads them from the source folder at start,
//! so that a changed word or style needs no compilation.

/// One file: its path below the folder with `/` between the parts, and its bytes.
pub(crate) type File = (String, Vec<u8>);

#[cfg(not(debug_assertions))]
static ASSETS: include_dir::Dir = include_dir::include_dir!("$CARGO_MANIFEST_DIR/../../assets");
#[cfg(not(debug_assertions))]
static LOCALES: include_dir::Dir = include_dir::include_dir!("$CARGO_MANIFEST_DIR/../../locales");

/// Everything under `assets/`, sorted by path.
pub(crate) fn assets() -> Vec<File> {
    #[cfg(not(debug_assertions))]
    return walk(&ASSETS);
    #[cfg(debug_assertions)]
    walk("assets")
}

/// Everything under `locales/`, sorted by path.
pub(crate) fn locales() -> Vec<File> {
    #[cfg(not(debug_assertions))]
    return walk(&LOCALES);
    #[cfg(debug_assertions)]
    walk("locales")
}

#[cfg(not(debug_assertions))]
fn walk(dir: &'static include_dir::Dir<'static>) -> Vec<File> {
    let mut found: Vec<File> = dir
        .files()
        .map(|file| (file.path().to_string_lossy().replace('\\', "/"), file.contents().to_vec()))
        .collect();
    for below in dir.dirs() {
        found.extend(walk(below));
    }
    found.sort();
    found
}

#[cfg(debug_assertions)]
fn walk(name: &str) -> Vec<File> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name);
    let mut found = Vec::new();
    let mut todo = vec![root.clone()];
    while let Some(dir) = todo.pop() {
        for entry in std::fs::read_dir(&dir).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                todo.push(path);
            } else if let (Ok(below), Ok(bytes)) = (path.strip_prefix(&root), std::fs::read(&path))
            {
                found.push((below.to_string_lossy().replace('\\', "/"), bytes));
            }
        }
    }
    found.sort();
    found
}
