//! A large school with a message to everybody, watched from outside through the superuser's eyes.

use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio_postgres::Client;

use crate::support::{
    TestDb,
    binary::{Binary, Process, open_folder, token},
    people,
    wait::eventually,
};

/// People in the school.
pub const PEOPLE: i64 = 1500;
/// Deliveries that one claim takes: what can be in flight when a process dies.
pub const BATCH: i64 = 40;

pub struct School {
    pub db: TestDb,
    pub token: String,
    pub watch: Client,
    dir: tempfile::TempDir,
}

/// Connections of the processes under test, as pg_stat_activity shows them.
const SERVERS: &str = "from pg_stat_activity where datname = current_database() and usename like 'frontdesk%'";

/// Lets a test stop work of one kind, named as the server names it to PostgreSQL, in the middle of its update.
const GATES: &str = "
create function public.gate() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock_shared(hashtext(current_setting('application_name')));
  return null;
end
$$;
create trigger gate before update on frontdesk.delivery_queue for each statement execute function public.gate();
create trigger gate before update on frontdesk.notifications for each statement execute function public.gate();";

impl School {
    pub async fn open() -> Self {
        Self::of(PEOPLE).await
    }

    /// With so many people, the admin among them.
    pub async fn of(people: i64) -> Self {
        let db = TestDb::new().await;
        let org = people::organization(&db, "large").await;
        let admin = people::person(&db, org, "admin", "Ada Admin").await;
        people::crowd(&db, org, "parent", i32::try_from(people).expect("not so many") - 1).await;
        db.run(GATES).await;
        Self {
            token: token(org, admin),
            watch: db.superuser().await,
            db,
            dir: open_folder(),
        }
    }

    /// The binary with small chunks and batches and a short lease, so that there are many moments to die in.
    pub fn binary(&self, mail: &str) -> Binary {
        Binary::on(&self.db, self.dir.path())
            .set("delivery.expand_chunk", 50)
            .set("delivery.claim_batch", BATCH)
            .set("delivery.lease", 2)
            .set("delivery.poll_interval", 100)
            .set("email.transport", "smtp")
            .set("email.url", mail)
            .set("email.from", "School <no-reply@school.test>")
    }

    /// Sends a message to everybody on three channels.
    pub async fn send_to_all(&self, server: &Process) {
        let body = json!({
            "title": "Snow day", "content": "School is closed.", "audience": {"all": true},
            "channels": ["in_app", "websocket", "email"],
        });
        let (status, answer) = server
            .ask(Method::POST, "/v1/notifications", &self.token, Some(body))
            .await;
        assert_eq!(status, StatusCode::ACCEPTED, "{answer}");
    }

    pub async fn number(&self, sql: &str) -> i64 {
        self.watch.query_one(sql, &[]).await.expect(sql).get(0)
    }

    pub async fn recipients(&self) -> i64 {
        self.number("select count(*) from frontdesk.notification_recipients")
            .await
    }

    pub async fn sent(&self) -> i64 {
        self.number("select count(*) from frontdesk.notification_logs where channel = 'email' and status = 'sent'")
            .await
    }

    pub async fn state(&self) -> String {
        let sql = "select state from frontdesk.notifications";
        self.watch.query_one(sql, &[]).await.expect(sql).get(0)
    }

    /// Waits until there are so many recipients.
    pub async fn until_recipients(&self, count: i64) {
        eventually("recipients", async || (self.recipients().await >= count).then_some(())).await;
    }

    /// Waits until so many mails are recorded as sent.
    pub async fn until_sent(&self, count: i64) {
        eventually("mails sent", async || (self.sent().await >= count).then_some(())).await;
    }

    /// Waits until the message is done.
    pub async fn until_done(&self) {
        eventually("the message is done", async || {
            (self.state().await == "done").then_some(())
        })
        .await;
    }

    /// Kills a process now, and waits until PostgreSQL has noticed.
    pub async fn kill(&self, server: Process) {
        server.kill().await;
        self.until_gone().await;
    }

    /// Kills a process in the middle of a piece of work: `lock` is taken beforehand by `hold`, the process runs into it
    /// while it does `work`, and dies there. What PostgreSQL was told to do by then it does when the lock goes, as after a
    /// real crash, unless `cut` ends its connections too, as when the whole machine dies.
    pub async fn kill_in(&self, hold: Hold, server: Process, work: &str, cut: bool) {
        self.until_blocked(&hold, work).await;
        server.kill().await;
        if cut {
            self.cut_connections().await;
        }
        hold.release().await;
        self.until_gone().await;
    }

    /// Takes a lock in a transaction of its own.
    pub async fn hold(&self, lock: &str) -> Hold {
        let client = self.db.superuser().await;
        client.batch_execute(&format!("begin; {lock}")).await.expect(lock);
        let backend = client
            .query_one("select pg_backend_pid()", &[])
            .await
            .expect("its id")
            .get(0);
        Hold { client, backend }
    }

    /// Stops all work of a kind that comes along: see [`GATES`].
    pub async fn hold_work(&self, work: &str) -> Hold {
        self.hold(&format!("select pg_advisory_xact_lock(hashtext('{work}'))"))
            .await
    }

    /// A lock on one person, the `place`th in the order in which the expander takes them: it lets the chunk with this
    /// person be written, but not ended.
    pub async fn hold_person(&self, place: i64) -> Hold {
        // Not in one: FOR UPDATE would lock all that OFFSET passes over.
        let person = format!("select id from frontdesk.profiles order by id offset {place} limit 1");
        self.hold(&format!(
            "select from frontdesk.profiles where id = ({person}) for update"
        ))
        .await
    }

    /// Ends every connection of the processes under test; answers how many there were.
    pub async fn cut_connections(&self) -> i64 {
        self.number(&format!("select count(pg_terminate_backend(pid)) {SERVERS}"))
            .await
    }

    async fn until_blocked(&self, hold: &Hold, work: &str) {
        let holder = hold.backend;
        let sql = format!(
            "select count(*) {SERVERS} and application_name = '{work}' and {holder} = any (pg_blocking_pids(pid))"
        );
        eventually(work, async || (self.number(&sql).await > 0).then_some(())).await;
    }

    async fn until_gone(&self) {
        let sql = format!("select count(*) {SERVERS}");
        eventually("its connections end", async || {
            (self.number(&sql).await == 0).then_some(())
        })
        .await;
    }

    /// Claims of deliveries that came to nothing, because whoever had made them died.
    pub async fn lost_claims(&self) -> i64 {
        self.number("select sum(retry_count)::bigint from frontdesk.notification_logs where channel = 'email'")
            .await
    }
}

/// A lock that is held until it is released.
pub struct Hold {
    client: Client,
    backend: i32,
}

impl Hold {
    pub async fn release(self) {
        self.client.batch_execute("rollback").await.expect("a rollback");
    }
}
