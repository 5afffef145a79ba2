//! Styles, scripts, icons: served under an address that holds the digest of their content,
//! so that a browser may keep them for ever and still gets every change at once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};
use std::io::Write;

struct Asset {
    kind: &'static str,
    plain: Vec<u8>,
    gzip: Option<Vec<u8>>,
}

struct Shelf {
    hash: String,
    files: BTreeMap<String, Asset>,
}

static SHELF: LazyLock<Shelf> = LazyLock::new(|| {
    let found = crate::embedded::assets();
    let mut digest = Sha256::new();
    let mut files = BTreeMap::new();
    for (path, plain) in found {
        let Some(kind) = kind_of(&path) else { continue };
        digest.update(path.as_bytes());
        digest.update(&plain);
        let gzip = if plain.len() > 1024 { gzip(&plain) } else { None };
        files.insert(path, Asset { kind, plain, gzip });
    }
    let hash = digest.finalize().iter().take(6).map(|byte| format!("{byte:02x}")).collect();
    Shelf { hash, files }
});

/// What is served at all; a licence or a manifest is not.
fn kind_of(path: &str) -> Option<&'static str> {
    Some(match path.rsplit_once('.')?.1 {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "json" | "webmanifest" => "application/json",
        _ => return None,
    })
}

fn gzip(plain: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok()
}

/// The address of an asset, `asset("app.css")` → `/assets/1f0c…/app.css`.
#[must_use]
pub fn asset(path: &str) -> String {
    format!("/assets/{}/{path}", SHELF.hash)
}

/// Path and bytes of everything that is served; for pages written to a folder.
pub fn all_assets() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    SHELF.files.iter().map(|(path, asset)| (path.as_str(), asset.plain.as_slice()))
}

/// `GET /assets/{hash}/{*path}`. Another hash (a page from before an upgrade) still gets the file, uncached.
pub(crate) async fn serve(
    Path((hash, path)): Path<(String, String)>,
    headers: HeaderMap,
) -> Response {
    let Some(asset) = SHELF.files.get(&path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let keep = if hash == SHELF.hash { "public, max-age=31536000, immutable" } else { "no-store" };
    let takes_gzip = headers
        .get(header::ACCEPT_ENCODING)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.contains("gzip"));
    let mut answer = Response::builder()
        .header(header::CONTENT_TYPE, asset.kind)
        .header(header::CACHE_CONTROL, keep)
        .header(header::VARY, "accept-encoding");
    let body = match &asset.gzip {
        Some(gzip) if takes_gzip => {
            answer = answer.header(header::CONTENT_ENCODING, "gzip");
            gzip
        }
        _ => &asset.plain,
    };
    answer
        .body(Body::from(body.clone()))
        .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Manifest {
        file: Vec<Entry>,
    }
    #[derive(serde::Deserialize)]
    struct Entry {
        path: String,
        name: String,
        version: String,
        licence: String,
        licence_file: String,
        sha256: String,
    }

    #[test]
    fn vendored_files_are_what_the_manifest_says() {
        let files: BTreeMap<_, _> = crate::embedded::assets().into_iter().collect();
        let text = String::from_utf8(files["vendor/manifest.toml"].clone()).unwrap();
        let manifest: Manifest = toml::from_str(&text).unwrap();
        let mut listed = vec!["vendor/manifest.toml".to_owned()];
        for entry in manifest.file {
            assert!(
                !entry.name.is_empty() && !entry.version.is_empty() && !entry.licence.is_empty()
            );
            let bytes = &files[&format!("vendor/{}", entry.path)];
            let digest: String =
                Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
            assert_eq!(digest, entry.sha256, "{}", entry.path);
            listed.push(format!("vendor/{}", entry.path));
            listed.push(format!("vendor/{}", entry.licence_file));
        }
        for path in
            files.keys().filter(|path| path.starts_with("vendor/") && !path.contains("NOTICE"))
        {
            assert!(listed.contains(path), "{path} is not in the manifest");
        }
    }

    #[test]
    fn nothing_we_wrote_asks_another_machine() {
        for (path, bytes) in crate::embedded::assets() {
            if path.starts_with("vendor/") {
                continue;
            }
            let text = String::from_utf8(bytes).unwrap().replace("http://www.w3.org/2000/svg", "");
            assert!(!text.contains("http://") && !text.contains("https://"), "{path}");
            assert!(!text.contains("@import") && !text.contains("url("), "{path}");
        }
    }

    #[test]
    fn the_vendored_styles_load_only_inline_images() {
        let files: BTreeMap<_, _> = crate::embedded::assets().into_iter().collect();
        let css = String::from_utf8(files["vendor/tabler.min.css"].clone()).unwrap();
        assert!(!css.contains("@import"));
        for found in css.split("url(").skip(1) {
            let start = found.trim_start_matches(['"', '\'']);
            assert!(start.starts_with("data:") || start.starts_with('#'), "{}", &start[..40]);
        }
    }
}
