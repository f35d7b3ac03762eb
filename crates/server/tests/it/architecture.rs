//! The rules of the house that the compiler does not keep (ARCHITECTURE.md): where SQL and HTTP live, which way dependencies
//! point, and that every file says what it is for.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Slices of the product: folders of `crates/server/src` with rules of their own.
const SLICES: &[&str] = &[
    "organizations",
    "directory",
    "notifications",
    "inbox",
    "delivery",
    "realtime",
    "sessions",
    "templates",
    "preferences",
];

/// Which slices a slice may reach; through their `mod.rs` only, which privacy sees to.
const MAY_REACH: &[(&str, &[&str])] = &[
    ("organizations", &[]),
    ("directory", &["organizations"]),
    ("sessions", &[]),
    ("inbox", &[]),
    ("notifications", &["organizations", "templates"]),
    ("templates", &[]),
    ("preferences", &["templates"]),
    ("delivery", &["notifications", "preferences"]),
    ("realtime", &["inbox", "notifications"]),
];

fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
    found
}

fn src(of: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(of).join("src")
}

fn name(path: &Path) -> String {
    path.to_string_lossy()
        .rsplit("crates/")
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// The code without its comments and its tests.
fn code(text: &str) -> String {
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    text.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn every_file_says_what_it_is_for() {
    for of in ["platform", "devdb", "server"] {
        for (path, text) in sources(&src(of)) {
            assert!(
                text.starts_with("//!"),
                "{} does not begin with //! and what it is for",
                name(&path)
            );
        }
    }
}

#[test]
fn sql_stands_in_stores_only() {
    for slice in SLICES {
        for (path, text) in sources(&src("server").join(slice)) {
            let in_a_store = path.iter().any(|part| part == "store" || part == "store.rs");
            if !in_a_store {
                let code = code(&text);
                assert!(
                    !code.contains("frontdesk.") && !code.contains(".sql\""),
                    "{} has SQL: put it into the slice's store",
                    name(&path)
                );
            }
        }
    }
}

#[test]
fn http_stands_in_apis_only() {
    for slice in SLICES {
        for (path, text) in sources(&src("server").join(slice)) {
            let name = name(&path);
            let of_http = ["api.rs", "socket.rs", "preview_page"]
                .iter()
                .any(|part| name.contains(part));
            if !of_http && !name.contains("tests") {
                // A URL's grammar is axum's http crate too; handlers and status codes are what is meant.
                let code = code(&text);
                let found = ["axum::extract", "axum::routing", "StatusCode", "IntoResponse"]
                    .into_iter()
                    .find(|word| code.contains(word));
                assert_eq!(found, None, "{name} speaks HTTP: that is for the slice's api.rs");
            }
        }
    }
}

#[test]
fn dependencies_point_one_way() {
    for (slice, allowed) in MAY_REACH {
        for (path, text) in sources(&src("server").join(slice)) {
            for other in SLICES
                .iter()
                .filter(|other| *other != slice && !allowed.contains(other))
            {
                let reaches = code(&text).contains(&format!("crate::{other}"));
                assert!(
                    !reaches,
                    "{} reaches {other}: {slice} may reach {allowed:?}",
                    name(&path)
                );
            }
        }
    }
    for (path, text) in sources(&src("platform")) {
        for slice in SLICES
            .iter()
            .filter(|slice| !["organizations", "inbox"].contains(slice))
        {
            assert!(
                !code(&text).contains(&format!("frontdesk.{slice}")),
                "{} knows the product's {slice}",
                name(&path)
            );
        }
    }
}
