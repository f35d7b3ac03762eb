//! A private postfix: a real mail server for one test, on ports and in a folder of its own.
//!
//! It takes mail for every domain into one maildir and passes nothing on. What it thinks of a recipient depends on the
//! local part: `unknown…` is refused for good, `defer…` for now, `late…` after it was taken, anybody else is delivered. STARTTLS is offered on
//! [`Postfix::port`], TLS from the first byte on [`Postfix::tls_port`], both with a certificate of its own
//! ([`Postfix::ca_file`]). Stopped, and its folder removed, on drop.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "support for tests")]

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant, UNIX_EPOCH};

use tempfile::TempDir;

/// The user that owns the maildir: postfix delivers under a user id without rights, never as root.
const NOBODY: u32 = 65534;

pub struct Postfix {
    dir: TempDir,
    pub port: u16,
    pub tls_port: u16,
}

/// One mail in the maildir.
#[derive(Debug, Clone)]
pub struct Delivered {
    /// The envelope's recipient, as postfix noted it.
    pub recipient: String,
    /// The whole message with the headers that postfix added, in LF line ends.
    pub raw: Vec<u8>,
}

impl Postfix {
    /// Starts a server and waits until it answers.
    pub fn start() -> Self {
        assert!(
            Path::new("/usr/sbin/postfix").exists(),
            "postfix is not installed: run `make test`, which sets it up, or scripts/setup"
        );
        let dir = tempfile::Builder::new().prefix("frontdesk-postfix-").tempdir().unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let (port, tls_port) = (free_port(), free_port());
        let server = Self { dir, port, tls_port };
        server.make_folders();
        server.make_certificate();
        fs::write(server.path("etc/main.cf"), server.main_cf()).unwrap();
        // postfix waits two seconds after the last change of this file, in case somebody is still writing it.
        fs::File::options()
            .write(true)
            .open(server.path("etc/main.cf"))
            .unwrap()
            .set_modified(UNIX_EPOCH)
            .unwrap();
        fs::write(server.path("etc/master.cf"), server.master_cf()).unwrap();
        let started = server.postfix("start");
        assert!(
            started.status.success(),
            "postfix did not start: {started:?}\n{}",
            server.log()
        );
        server.wait_until_it_answers();
        server
    }

    /// Where the configuration reaches it in clear.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}?tls=none", self.port)
    }

    /// From now on nobody is refused for now.
    pub fn accept_all(&self) {
        fs::write(self.path("etc/recipients"), "").unwrap();
        assert!(self.postfix("reload").status.success());
    }

    /// The authority that a client must trust for TLS.
    pub fn ca_file(&self) -> PathBuf {
        self.path("cert.pem")
    }

    /// What has been delivered so far, in no particular order.
    pub fn messages(&self) -> Vec<Delivered> {
        let files = fs::read_dir(self.path("mail/all/new")).unwrap();
        files.map(|file| Delivered::read(&file.unwrap().path())).collect()
    }

    /// Waits until at least `count` mails have been delivered. Panics with the mail log when they do not come.
    pub async fn wait_for(&self, count: usize) -> Vec<Delivered> {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let messages = self.messages();
            if messages.len() >= count {
                return messages;
            }
            assert!(
                Instant::now() < deadline,
                "{} of {count} mails came\n{}",
                messages.len(),
                self.log()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// How many connections clients have made, apart from the one to each port by which `start` sees that it runs.
    pub fn connections(&self) -> usize {
        self.log().matches(": connect from ").count().saturating_sub(2)
    }

    /// The mail log, for the message of a failed assertion.
    pub fn log(&self) -> String {
        fs::read_to_string(self.path("mail.log")).unwrap_or_default()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn make_folders(&self) {
        for folder in ["etc", "queue", "data", "mail/all/new", "mail/all/cur", "mail/all/tmp"] {
            fs::create_dir_all(self.path(folder)).unwrap();
        }
        for folder in ["mail", "mail/all", "mail/all/new", "mail/all/cur", "mail/all/tmp"] {
            chown(self.path(folder), Some(NOBODY), Some(NOBODY)).expect(
                "the tests with a mail server run as root, because postfix does; run them with `sudo make test` or in CI",
            );
        }
        let given = Command::new("chown")
            .arg("postfix:")
            .arg(self.path("data"))
            .status()
            .unwrap();
        assert!(
            given.success(),
            "there is no user postfix; reinstall the package postfix"
        );
    }

    fn make_certificate(&self) {
        let made = Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
            ])
            .args(["-days", "2", "-subj", "/CN=localhost"])
            .args([
                "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1",
                "-addext",
                "basicConstraints=critical,CA:FALSE",
            ])
            .arg("-keyout")
            .arg(self.path("key.pem"))
            .arg("-out")
            .arg(self.path("cert.pem"))
            .output()
            .expect("openssl is not installed: run `make test`, which sets it up, or scripts/setup");
        assert!(made.status.success(), "openssl made no certificate: {made:?}");
    }

    fn main_cf(&self) -> String {
        let dir = self.dir.path().display();
        fs::write(
            self.path("etc/recipients"),
            "/^defer/ 450 4.2.0 Greylisted, come back later\n",
        )
        .unwrap();
        // Taken at first and refused when it is delivered: postfix then writes a bounce.
        fs::write(self.path("etc/transport"), "/^late/ late:\n").unwrap();
        fs::write(self.path("etc/domains"), "/./ taken\n").unwrap();
        fs::write(self.path("etc/mailboxes"), "!/^unknown/ all/\n").unwrap();
        format!(
            "compatibility_level = 3.6\n\
             queue_directory = {dir}/queue\n\
             data_directory = {dir}/data\n\
             command_directory = /usr/sbin\n\
             daemon_directory = /usr/lib/postfix/sbin\n\
             maillog_file = {dir}/mail.log\n\
             maillog_file_prefixes = {dir}\n\
             myhostname = mail.test\n\
             mydestination =\n\
             alias_maps =\n\
             inet_interfaces = 127.0.0.1\n\
             inet_protocols = ipv4\n\
             mynetworks = 127.0.0.0/8\n\
             default_transport = error:nothing leaves this test server\n\
             relay_transport = error:nothing leaves this test server\n\
             virtual_transport = virtual\n\
             transport_maps = regexp:{dir}/etc/transport\n\
             virtual_mailbox_domains = regexp:{dir}/etc/domains\n\
             virtual_mailbox_maps = regexp:{dir}/etc/mailboxes\n\
             virtual_mailbox_base = {dir}/mail\n\
             virtual_minimum_uid = 1\n\
             virtual_uid_maps = static:{NOBODY}\n\
             virtual_gid_maps = static:{NOBODY}\n\
             smtpd_recipient_restrictions = check_recipient_access regexp:{dir}/etc/recipients, permit_mynetworks, reject\n\
             smtpd_tls_security_level = may\n\
             smtpd_tls_cert_file = {dir}/cert.pem\n\
             smtpd_tls_key_file = {dir}/key.pem\n\
             smtpd_tls_received_header = yes\n"
        )
    }

    fn master_cf(&self) -> String {
        let (port, tls_port) = (self.port, self.tls_port);
        format!(
            "127.0.0.1:{port} inet n - n - - smtpd\n\
             127.0.0.1:{tls_port} inet n - n - - smtpd\n  -o smtpd_tls_wrappermode=yes\n\
             cleanup unix n - n - 0 cleanup\n\
             qmgr unix n - n 300 1 qmgr\n\
             tlsmgr unix - - n 1000? 1 tlsmgr\n\
             rewrite unix - - n - - trivial-rewrite\n\
             bounce unix - - n - 0 bounce\n\
             defer unix - - n - 0 bounce\n\
             trace unix - - n - 0 bounce\n\
             proxymap unix - - n - - proxymap\n\
             error unix - - n - - error\n\
             late unix - n n - - pipe user=nobody argv=/bin/sh -c {{exit 67}}\n\
             retry unix - - n - - error\n\
             discard unix - - n - - discard\n\
             virtual unix - n n - - virtual\n\
             anvil unix - - n - 1 anvil\n\
             showq unix n - n - - showq\n\
             postlog unix-dgram n - n - 1 postlogd\n"
        )
    }

    fn postfix(&self, command: &str) -> Output {
        Command::new("/usr/sbin/postfix")
            .arg("-c")
            .arg(self.path("etc"))
            .arg(command)
            .output()
            .unwrap()
    }

    fn is_running(&self) -> bool {
        let test = Command::new("/usr/lib/postfix/sbin/master")
            .arg("-c")
            .arg(self.path("etc"))
            .arg("-t")
            .output();
        !test.unwrap().status.success()
    }

    fn wait_until_it_answers(&self) {
        let deadline = Instant::now() + Duration::from_secs(10);
        for port in [self.port, self.tls_port] {
            while TcpStream::connect(("127.0.0.1", port)).is_err() {
                assert!(
                    Instant::now() < deadline,
                    "postfix does not answer on port {port}\n{}",
                    self.log()
                );
                std::thread::sleep(Duration::from_millis(20));
            }
        }
    }
}

impl Drop for Postfix {
    fn drop(&mut self) {
        // `stop` would do, but looks only once a second whether it is done.
        self.postfix("abort");
        let deadline = Instant::now() + Duration::from_secs(5);
        while self.is_running() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Delivered {
    fn read(file: &Path) -> Self {
        let raw = fs::read(file).unwrap();
        let text = String::from_utf8_lossy(&raw).into_owned();
        let recipient = text
            .lines()
            .find_map(|line| line.strip_prefix("Delivered-To: "))
            .unwrap_or_default();
        Self {
            recipient: recipient.to_owned(),
            raw,
        }
    }
}

/// A port that is free now. Somebody else could take it before postfix does; the start then fails loudly.
fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}
