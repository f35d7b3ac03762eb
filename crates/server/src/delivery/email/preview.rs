//! The preview transport's store: each mail is one file, `<log id>.eml`, in one folder.
//!
//! Written by [`super::Transport`], read by [`super::preview_page`], which may run in another process. A file appears
//! whole or not at all, the same log row always has the same file, and there are never more than [`MAX_MAILS`].

use std::cmp::Reverse;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

use jiff::Timestamp;
use mail_parser::{Address as ParsedAddress, MessageParser};
use uuid::Uuid;

/// Most mails that are kept. When one more comes, the oldest tenth goes.
pub const MAX_MAILS: usize = 2_000;

/// The folder of kept mails. Cheap to clone.
#[derive(Debug, Clone)]
pub struct PreviewStore {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    dir: PathBuf,
    max: usize,
    /// Mails in the folder as far as this process knows; corrected whenever the folder is read for clearing out.
    count: AtomicUsize,
    attempts: AtomicUsize,
}

/// A mail as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The delivery log row.
    pub id: Uuid,
    /// The mail's own date; when it has none, when it was kept.
    pub at: Timestamp,
    /// Whom it is for: name and address.
    pub to: String,
    /// Subject, decoded.
    pub subject: String,
}

/// Mails for one page of the list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Listing {
    /// Newest first.
    pub mails: Vec<Summary>,
    /// How many there are in all (that match, when a search was made).
    pub total: usize,
}

impl PreviewStore {
    /// Opens the folder, making it if it is missing.
    ///
    /// # Errors
    /// When it cannot be made or read.
    pub fn open(dir: &Path) -> io::Result<Self> {
        Self::with_limit(dir, MAX_MAILS)
    }

    fn with_limit(dir: &Path, max: usize) -> io::Result<Self> {
        fs::create_dir_all(dir)?;
        let count = AtomicUsize::new(scan(dir)?.len());
        Ok(Self {
            inner: Arc::new(Inner {
                dir: dir.to_owned(),
                max,
                count,
                attempts: AtomicUsize::new(0),
            }),
        })
    }

    /// Keeps a mail. The same id replaces the earlier one.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub async fn put(&self, id: Uuid, message: Vec<u8>) -> io::Result<()> {
        let inner = self.inner.clone();
        off_the_runtime(move || inner.put(id, &message)).await
    }

    /// The newest `limit` mails.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn list(&self, limit: usize) -> io::Result<Listing> {
        self.search("", limit).await
    }

    /// The newest `limit` mails whose recipient or subject holds `query`, whatever the case.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub async fn search(&self, query: &str, limit: usize) -> io::Result<Listing> {
        let (inner, query) = (self.inner.clone(), query.trim().to_lowercase());
        off_the_runtime(move || inner.search(&query, limit)).await
    }

    /// One mail's bytes.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub async fn get(&self, id: Uuid) -> io::Result<Option<Vec<u8>>> {
        let path = self.inner.path(id);
        off_the_runtime(move || found(fs::read(path))).await
    }
}

impl Inner {
    fn path(&self, id: Uuid) -> PathBuf {
        self.dir.join(format!("{id}.eml"))
    }

    fn put(&self, id: Uuid, message: &[u8]) -> io::Result<()> {
        let path = self.path(id);
        let is_new = !path.exists();
        // A name of its own per attempt: two workers that repeat the same row must not write into one temporary file.
        let attempt = self.attempts.fetch_add(1, Ordering::Relaxed);
        let temporary = self.dir.join(format!("{id}.{}-{attempt}.tmp", std::process::id()));
        fs::write(&temporary, message)?;
        fs::rename(&temporary, &path).inspect_err(|_| drop(fs::remove_file(&temporary)))?;
        if is_new && self.count.fetch_add(1, Ordering::Relaxed) >= self.max {
            self.clear_out()?;
        }
        Ok(())
    }

    /// Removes the oldest tenth at once, so that a full folder is not read anew for every mail.
    fn clear_out(&self) -> io::Result<()> {
        let files = scan(&self.dir)?;
        let keep = self.max - self.max / 10;
        let surplus = if files.len() > self.max { &files[keep..] } else { &[] };
        for file in surplus {
            found(fs::remove_file(self.path(file.id)))?;
        }
        self.count.store(files.len() - surplus.len(), Ordering::Relaxed);
        Ok(())
    }

    fn search(&self, query: &str, limit: usize) -> io::Result<Listing> {
        let files = scan(&self.dir)?;
        if query.is_empty() {
            let newest = files.iter().take(limit);
            let mails = newest
                .filter_map(|file| self.summary(file).transpose())
                .collect::<io::Result<_>>()?;
            return Ok(Listing {
                mails,
                total: files.len(),
            });
        }
        let mut listing = Listing::default();
        for file in &files {
            let Some(mail) = self.summary(file)? else { continue };
            if mail.to.to_lowercase().contains(query) || mail.subject.to_lowercase().contains(query) {
                listing.total += 1;
                if listing.mails.len() < limit {
                    listing.mails.push(mail);
                }
            }
        }
        Ok(listing)
    }

    /// `None` when the file has just been cleared out.
    fn summary(&self, file: &Kept) -> io::Result<Option<Summary>> {
        let Some(bytes) = found(fs::read(self.path(file.id)))? else {
            return Ok(None);
        };
        let kept_at = Timestamp::try_from(file.kept_at).unwrap_or(Timestamp::UNIX_EPOCH);
        let parsed = MessageParser::default().parse_headers(&bytes[..]);
        let parsed = parsed.as_ref();
        let date = parsed.and_then(|mail| Timestamp::from_second(mail.date()?.to_timestamp()).ok());
        Ok(Some(Summary {
            id: file.id,
            at: date.unwrap_or(kept_at),
            to: parsed.and_then(|mail| mail.to()).map(people).unwrap_or_default(),
            subject: parsed.and_then(|mail| mail.subject()).unwrap_or_default().to_owned(),
        }))
    }
}

/// The addresses of a header in the form `Name <address>, …`.
pub(super) fn people(addresses: &ParsedAddress<'_>) -> String {
    let shown = addresses.iter().map(|person| match (person.name(), person.address()) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (name, address) => address.or(name).unwrap_or_default().to_owned(),
    });
    shown.collect::<Vec<_>>().join(", ")
}

struct Kept {
    id: Uuid,
    kept_at: SystemTime,
}

/// The folder's mails, newest first. Files that are not ours are not touched.
fn scan(dir: &Path) -> io::Result<Vec<Kept>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let id = name
            .to_str()
            .and_then(|name| name.strip_suffix(".eml"))
            .and_then(|id| Uuid::parse_str(id).ok());
        let Some(id) = id else { continue };
        if let Some(about) = found(entry.metadata())? {
            files.push(Kept {
                id,
                kept_at: about.modified()?,
            });
        }
    }
    files.sort_by_key(|file| Reverse((file.kept_at, file.id)));
    Ok(files)
}

/// A missing file is an answer, not an error.
fn found<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

async fn off_the_runtime<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    fn mail(to: &str, subject: &str) -> Vec<u8> {
        format!("From: a@example.org\r\nTo: {to}\r\nSubject: {subject}\r\nDate: Sun, 22 Nov 2026 20:41:07 +0000\r\n\r\nhello\r\n")
            .into_bytes()
    }

    #[tokio::test]
    async fn a_repeat_of_the_same_row_is_not_a_second_mail() {
        let dir = tempfile::tempdir().unwrap();
        let store = PreviewStore::open(dir.path()).unwrap();
        let id = Uuid::from_u128(7);
        store.put(id, mail("Bob <bob@example.net>", "first")).await.unwrap();
        store.put(id, mail("Bob <bob@example.net>", "second")).await.unwrap();
        let listing = store.list(10).await.unwrap();
        assert_eq!(listing.total, 1);
        let at = "2026-11-22T20:41:07Z".parse().unwrap();
        assert_eq!(
            listing.mails,
            [Summary {
                id,
                at,
                to: "Bob <bob@example.net>".to_owned(),
                subject: "second".to_owned()
            }]
        );
        assert_eq!(
            store.get(id).await.unwrap().unwrap(),
            mail("Bob <bob@example.net>", "second")
        );
        assert_eq!(
            fs::read_dir(dir.path()).unwrap().count(),
            1,
            "a temporary file was left behind"
        );
    }

    #[tokio::test]
    async fn the_oldest_go_when_there_are_too_many_and_strange_files_stay() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("notes.txt"), "mine").unwrap();
        let store = PreviewStore::with_limit(dir.path(), 20).unwrap();
        let ids: Vec<Uuid> = (0..30).map(Uuid::from_u128).collect();
        for (n, id) in ids.iter().enumerate() {
            store
                .put(*id, mail("bob@example.net", &format!("mail {n}")))
                .await
                .unwrap();
            assert!(store.list(100).await.unwrap().total <= 20);
        }
        let listing = store.list(100).await.unwrap();
        assert!(listing.total >= 18);
        assert_eq!(listing.mails[0].subject, "mail 29");
        assert_eq!(store.get(ids[0]).await.unwrap(), None);
        assert!(dir.path().join("notes.txt").exists());
    }

    #[tokio::test]
    async fn a_search_looks_at_recipients_and_subjects() {
        let dir = tempfile::tempdir().unwrap();
        let store = PreviewStore::open(dir.path()).unwrap();
        store
            .put(Uuid::from_u128(1), mail("Ann <ann@example.net>", "Snow day"))
            .await
            .unwrap();
        store
            .put(Uuid::from_u128(2), mail("Bob <bob@example.net>", "Fire drill"))
            .await
            .unwrap();
        assert_eq!(store.search("SNOW", 10).await.unwrap().total, 1);
        assert_eq!(store.search("bob@", 10).await.unwrap().mails[0].subject, "Fire drill");
        assert_eq!(store.search("nothing", 10).await.unwrap(), Listing::default());
    }

    #[tokio::test]
    async fn what_is_no_mail_at_all_is_still_listed() {
        let dir = tempfile::tempdir().unwrap();
        let store = PreviewStore::open(dir.path()).unwrap();
        store.put(Uuid::from_u128(3), vec![0, 255, 10, 13]).await.unwrap();
        assert_eq!(store.list(10).await.unwrap().mails.len(), 1);
    }
}
