//! The migrations of `migrations/`, embedded in the binary.

use platform::migrate::Plan;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../migrations"]
#[include = "*.sql"]
#[include = "*/*.sql"]
#[exclude = "schema.sql"]
struct Files;

/// The migrations as a plan.
///
/// # Errors
/// When the files do not make one; a test sees to it that they do.
pub fn plan() -> anyhow::Result<Plan> {
    let files = Files::iter().map(|path| {
        let text = Files::get(&path)
            .map(|file| String::from_utf8_lossy(&file.data).into_owned())
            .unwrap_or_default();
        (path.into_owned(), text)
    });
    Ok(Plan::from_files(files)?)
}
