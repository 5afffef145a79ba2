//! What comes from others: dependencies, their licences, vendored files; and what must never be committed.

use crate::tree::{file, files, none, root};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::process::Command;

#[test]
fn every_dependency_says_why_it_is_here() {
    let manifest = &file("Cargo.toml").expect("the root manifest").text;
    let mut bad = Vec::new();
    let (mut inside, mut before) = (false, "");
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line == "[workspace.dependencies]";
        } else if inside
            && line.contains(" = ")
            && !line.starts_with('#')
            && !line.contains("path = ")
            && (!before.starts_with('#') || before.starts_with("# --"))
        {
            bad.push(line.to_owned());
        }
        before = line;
    }
    none("a dependency without a comment that says why", bad);
}

#[test]
fn versions_stand_once_in_the_root_manifest() {
    let mut bad = Vec::new();
    for f in files().iter().filter(|f| f.path.starts_with("crates/") && f.name() == "Cargo.toml") {
        let table: toml::Table = toml::from_str(&f.text).expect("a manifest");
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for (name, how) in table.get(kind).and_then(|d| d.as_table()).into_iter().flatten() {
                if how.get("workspace").and_then(toml::Value::as_bool) != Some(true) {
                    bad.push(format!("{}: {name}", f.path));
                }
            }
        }
    }
    none("use `.workspace = true`", bad);
}

#[test]
fn every_licence_is_one_that_deny_toml_allows() {
    let deny: toml::Table =
        toml::from_str(&file("deny.toml").expect("deny.toml").text).expect("TOML");
    let allowed: BTreeSet<&str> = deny["licenses"]["allow"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|v| v.as_str())
        .collect();
    // Only what is built here: packages for other systems were never downloaded.
    let rustc = Command::new("rustc").arg("-vV").output().expect("rustc");
    let rustc = String::from_utf8_lossy(&rustc.stdout).into_owned();
    let host = rustc.lines().find_map(|l| l.strip_prefix("host: ")).expect("rustc names its host");
    let out = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version=1",
            "--locked",
            "--offline",
            "--filter-platform",
            host,
        ])
        .current_dir(root())
        .output()
        .expect("cargo metadata");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&out.stdout).expect("JSON");
    let packages = metadata["packages"].as_array().expect("packages");
    assert!(packages.len() > 50, "cargo metadata lists the packages");
    let mut bad = Vec::new();
    for package in packages {
        let licence = package["license"].as_str().unwrap_or("none");
        if !allows(&allowed, licence) {
            bad.push(format!("{}: {licence}", package["name"].as_str().unwrap_or("?")));
        }
    }
    none("a licence that deny.toml does not allow", bad);
}

/// Is a choice in this expression allowed? `A OR B` needs one, `A AND B` both; `/` is an old way to write OR.
fn allows(allowed: &BTreeSet<&str>, licence: &str) -> bool {
    let plain = licence.replace(['(', ')'], " ").replace('/', " OR ");
    plain.split(" AND ").all(|all| all.split(" OR ").any(|one| allowed.contains(one.trim())))
        || plain.split(" OR ").any(|one| one.split(" AND ").all(|all| allowed.contains(all.trim())))
}

#[test]
fn licence_expressions_are_understood() {
    let allowed = BTreeSet::from(["MIT", "Apache-2.0"]);
    assert!(allows(&allowed, "MIT/Apache-2.0"));
    assert!(allows(&allowed, "GPL-3.0 OR MIT"));
    assert!(allows(&allowed, "(MIT OR Zlib) AND Apache-2.0"));
    assert!(!allows(&allowed, "MIT AND GPL-3.0"));
    assert!(!allows(&allowed, "none"));
}

#[test]
fn vendored_files_are_what_the_manifest_says() {
    let Some(manifest) = file("assets/vendor/manifest.toml") else {
        let strays: Vec<_> = files()
            .iter()
            .filter(|f| f.path.starts_with("assets/vendor/"))
            .map(|f| f.path.clone())
            .collect();
        return none("vendored without a manifest", strays);
    };
    let table: toml::Table = toml::from_str(&manifest.text).expect("TOML");
    let entries = table["file"].as_array().expect("[[file]]");
    let mut known = BTreeSet::from(["assets/vendor/manifest.toml".to_owned()]);
    let mut bad = Vec::new();
    for entry in entries {
        let get = |key: &str| entry.get(key).and_then(toml::Value::as_str).unwrap_or("").to_owned();
        for key in ["path", "name", "version", "licence", "licence_file", "sha256", "why"] {
            if get(key).is_empty() {
                bad.push(format!("{}: no {key}", get("path")));
            }
        }
        let path = format!("assets/vendor/{}", get("path"));
        known.extend([path.clone(), format!("assets/vendor/{}", get("licence_file"))]);
        match std::fs::read(root().join(&path)) {
            Ok(bytes) => {
                let digest: String =
                    Sha256::digest(&bytes).iter().map(|b| format!("{b:02x}")).collect();
                if digest != get("sha256") {
                    bad.push(format!("{path}: sha256 is {digest}"));
                }
            }
            Err(e) => bad.push(format!("{path}: {e}")),
        }
    }
    for f in files().iter().filter(|f| f.path.starts_with("assets/vendor/")) {
        if !known.contains(&f.path) && !f.name().starts_with("NOTICE") {
            bad.push(format!("{}: not in the manifest", f.path));
        }
    }
    none("assets/vendor", bad);
}

#[test]
fn no_path_of_a_machine_and_no_registry_host_is_committed() {
    let marks = [
        concat!("/wo", "rk/main"),
        concat!("/wo", "rk/wt"),
        concat!("/wo", "rk/target"),
        concat!("/wo", "rk/shared"),
        concat!("/ro", "ot/"),
        concat!("/ho", "me/"),
        concat!("crates", ".io"),
        concat!("py", "pi.org"),
        concat!("npm", "js.org"),
        concat!("deb.deb", "ian.org"),
        concat!("static.rust", "-lang.org"),
    ];
    let mut bad = Vec::new();
    // Cargo writes the registry's name into its lock file by itself; vendored files are kept as they came.
    let ours =
        files().iter().filter(|f| f.path != "Cargo.lock" && !f.path.starts_with("assets/vendor/"));
    for f in ours {
        for (n, line) in f.text.lines().enumerate() {
            if let Some(mark) = marks.iter().find(|m| line.contains(*m)) {
                bad.push(format!("{}:{}: {mark}", f.path, n + 1));
            }
        }
    }
    none("what only this machine or this network knows", bad);
}

#[test]
fn nothing_big_or_generated_is_committed() {
    let bad = files()
        .iter()
        .filter_map(|f| {
            let size = std::fs::metadata(root().join(&f.path)).map_or(0, |m| m.len());
            (size > 3 * 1024 * 1024).then(|| format!("{}: {} KiB", f.path, size / 1024))
        })
        .collect();
    none("a file of more than 3 MiB", bad);
}
