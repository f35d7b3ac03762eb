//! Postfix's `smtp-sink`: a mail server that takes everything and keeps it, as slowly as it is told to.

use std::{
    fs,
    net::TcpStream,
    os::unix::fs::chown,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::binary::{free_port, open_folder};

const NOBODY: u32 = 65534;

pub struct Sink {
    server: Child,
    dir: tempfile::TempDir,
    port: u16,
}

impl Sink {
    /// Takes mail at once.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// Waits so many whole seconds before it says that it has taken a mail.
    pub fn start_slow(seconds: u32) -> Self {
        Self::start_with(&["-W", &format!(".:{seconds}")])
    }

    fn start_with(options: &[&str]) -> Self {
        let dir = open_folder();
        chown(dir.path(), Some(NOBODY), Some(NOBODY)).expect("these tests run as root, as postfix does");
        let port = free_port();
        let server = Command::new("/usr/sbin/smtp-sink")
            .args(["-u", "nobody", "-m", "1000", "-d"])
            .arg(dir.path().join("mail."))
            .args(options)
            .args([&format!("127.0.0.1:{port}"), "1000"])
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("smtp-sink comes with postfix: run `make test`, which sets it up, or scripts/setup");
        let deadline = Instant::now() + Duration::from_secs(10);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < deadline, "smtp-sink does not answer on port {port}");
            std::thread::sleep(Duration::from_millis(10));
        }
        Self { server, dir, port }
    }

    /// Where the configuration reaches it.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}?tls=none", self.port)
    }

    /// The mails so far, whole or cut off, each with the envelope's recipient in the header `X-Rcpt-Args`.
    pub fn mails(&self) -> Vec<Vec<u8>> {
        let files = fs::read_dir(self.dir.path()).expect("the folder");
        files
            .map(|file| fs::read(file.expect("a file").path()).expect("a mail"))
            .collect()
    }
}

impl Drop for Sink {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}
