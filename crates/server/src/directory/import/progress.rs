//! How an import tells the person who started it how far it is.

/// Hears how far an import is. All methods have empty defaults: `&()` listens to nothing.
pub trait Progress: Send + Sync {
    /// A file of `bytes` bytes is begun.
    fn file(&self, name: &'static str, bytes: u64) {
        let _ = (name, bytes);
    }
    /// So many bytes of the current file have been read.
    fn read(&self, bytes: u64) {
        let _ = bytes;
    }
    /// Another import into the organization is running; this one waits for it.
    fn waiting(&self) {}
}

impl Progress for () {}
