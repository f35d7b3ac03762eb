//! `frontdesk openapi`.

/// Prints the document as the repository has it.
pub fn run() {
    print!("{}", crate::router::openapi_pretty());
}
