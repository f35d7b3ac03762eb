//! Who is connected to this process, and the loop that brings them what is new.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use platform::db::{Caller, DbError, Person};
use serde_json::json;
use tokio::sync::{Notify, mpsc};
use uuid::Uuid;

use super::store::{self, Open};
use crate::{app::App, inbox};

/// Frames that may wait for a slow reader. One that is slower is cut off and resumes by reconnecting.
const OUTBOX: usize = 64;
/// Places in an outbox that messages leave to other frames. Who has no more than these is behind: what else there is for
/// them waits in the database until they have read on.
const RESERVED: usize = 8;
/// How long wake-ups gather before the loop acts on them, so that a burst is one look at the database.
const GATHER: Duration = Duration::from_millis(15);
/// How often the loop looks without being woken: other processes expand too.
const POLL: Duration = Duration::from_millis(1000);
/// Deliveries read at once.
const BATCH: i64 = 1000;

/// (organization, person)
type PersonKey = (Uuid, Uuid);

/// The connections of this process; cheap to clone.
#[derive(Clone, Default)]
pub struct Hub(Arc<Inner>);

#[derive(Default)]
struct Inner {
    people: Mutex<HashMap<PersonKey, Vec<Connection>>>,
    news: Mutex<News>,
    wake: Notify,
    next_id: AtomicU64,
}

struct Connection {
    id: u64,
    staff: bool,
    outbox: mpsc::Sender<Arc<str>>,
}

#[derive(Default)]
struct News {
    progress: HashSet<(Uuid, Uuid)>,
    inboxes: HashSet<PersonKey>,
}

/// A connection's end of the hub. Dropped, the connection is forgotten.
pub(super) struct Seat {
    hub: Hub,
    person: PersonKey,
    id: u64,
    /// Frames taken since the outbox was empty.
    run: usize,
    /// What to send to the device. Closed when the reader was too slow.
    pub(super) inbox: mpsc::Receiver<Arc<str>>,
}

impl Hub {
    /// Something about a message's deliveries changed: its organization's staff who are watching shall look again.
    pub fn progress(&self, org_id: Uuid, notification_id: Uuid) {
        lock(&self.0.news).progress.insert((org_id, notification_id));
        self.0.wake.notify_one();
    }

    /// A person's inbox changed: their other devices shall know.
    pub fn inbox_changed(&self, org_id: Uuid, user_id: Uuid) {
        lock(&self.0.news).inboxes.insert((org_id, user_id));
        self.0.wake.notify_one();
    }

    /// A person's session has ended: their devices hear why and are cut off. Who may still come in reconnects.
    pub fn session_ended(&self, org_id: Uuid, user_id: Uuid, reason: &str) {
        let frame: Arc<str> = json!({"type": "session.terminated", "reason": reason})
            .to_string()
            .into();
        self.send((org_id, user_id), &frame);
        lock(&self.0.people).remove(&(org_id, user_id));
    }

    /// Connections of this process.
    #[must_use]
    pub fn connections(&self) -> usize {
        lock(&self.0.people).values().map(Vec::len).sum()
    }

    /// Takes a seat for a person's device. `staff` hear of the progress of messages as well.
    pub(super) fn join(&self, person: &Person, staff: bool) -> Seat {
        let (outbox, inbox) = mpsc::channel(OUTBOX);
        let id = self.0.next_id.fetch_add(1, Ordering::Relaxed);
        let key = (person.org_id, person.user_id);
        lock(&self.0.people)
            .entry(key)
            .or_default()
            .push(Connection { id, staff, outbox });
        self.0.wake.notify_one();
        Seat {
            hub: self.clone(),
            person: key,
            id,
            run: 0,
            inbox,
        }
    }

    /// Sends a frame to every device of a person; answers whether any took it. Devices that are too slow are cut off.
    fn send(&self, person: PersonKey, frame: &Arc<str>) -> bool {
        let mut people = lock(&self.0.people);
        let Some(connections) = people.get_mut(&person) else {
            return false;
        };
        connections.retain(|connection| connection.outbox.try_send(Arc::clone(frame)).is_ok());
        let reached = !connections.is_empty();
        if !reached {
            people.remove(&person);
        }
        reached
    }

    /// Whether every device of a connected person has read on far enough to get another message.
    fn has_room(&self, person: PersonKey) -> bool {
        let people = lock(&self.0.people);
        people.get(&person).is_some_and(|devices| have_room(devices))
    }

    /// Who is connected and not behind.
    fn ready(&self) -> (Vec<Uuid>, Vec<Uuid>) {
        let people = lock(&self.0.people);
        let ready = people.iter().filter(|(_, devices)| have_room(devices));
        ready.map(|(key, _)| *key).unzip()
    }

    fn staff_of(&self, org_id: Uuid) -> Vec<PersonKey> {
        let people = lock(&self.0.people);
        let is_staff = |connections: &Vec<Connection>| connections.iter().any(|connection| connection.staff);
        people
            .iter()
            .filter(|(key, connections)| key.0 == org_id && is_staff(connections))
            .map(|(key, _)| *key)
            .collect()
    }
}

fn have_room(devices: &[Connection]) -> bool {
    devices.iter().all(|device| device.outbox.capacity() > RESERVED)
}

impl Seat {
    /// A frame was passed on to the device. Who was behind and has caught up gets what was waiting for them at once.
    pub(super) fn passed_on(&mut self) {
        self.run += 1;
        if self.inbox.is_empty() && std::mem::take(&mut self.run) >= OUTBOX - RESERVED {
            self.hub.0.wake.notify_one();
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut people = lock(&self.hub.0.people);
        if let Some(connections) = people.get_mut(&self.person) {
            connections.retain(|connection| connection.id != self.id);
            if connections.is_empty() {
                people.remove(&self.person);
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Brings connected people what is new, until the process stops.
pub async fn run_hub(app: App) {
    let stopping = app.tasks.stopping();
    let mut rounds = 0_u32;
    while !stopping.is_cancelled() {
        tokio::select! {
            () = app.hub.0.wake.notified() => tokio::time::sleep(GATHER).await,
            () = tokio::time::sleep(POLL) => {}
            () = stopping.cancelled() => break,
        }
        if let Err(error) = bring_news(&app).await {
            tracing::error!(%error, "realtime could not read what is new; trying again");
        }
        rounds = rounds.wrapping_add(1);
        if rounds.is_multiple_of(60)
            && let Err(error) = store::forget_old_tickets(&app.db, app.clock.now()).await
        {
            tracing::error!(%error, "old realtime tickets could not be removed; trying again");
        }
    }
}

async fn bring_news(app: &App) -> Result<(), DbError> {
    let news = std::mem::take(&mut *lock(&app.hub.0.news));
    let mut inboxes = news.inboxes;
    inboxes.extend(bring_messages(app).await?);
    for person in inboxes {
        let caller = Caller::Person(Person::new(person.0, person.1));
        match inbox::counts(&app.db, &caller).await {
            Ok(counts) => {
                app.hub.send(
                    person,
                    &json!({"type": "inbox.count", "unread": counts.unread})
                        .to_string()
                        .into(),
                );
            }
            // Their membership ended meanwhile; their socket is about to learn it.
            Err(DbError::Unauthenticated) => {}
            Err(error) => return Err(error),
        }
    }
    for (org_id, notification_id) in news.progress {
        let frame: Arc<str> = json!({"type": "notification.progress", "notification_id": notification_id})
            .to_string()
            .into();
        for person in app.hub.staff_of(org_id) {
            app.hub.send(person, &frame);
        }
    }
    Ok(())
}

/// Sends pending messages to those who are connected; answers who got some.
async fn bring_messages(app: &App) -> Result<HashSet<PersonKey>, DbError> {
    let mut reached = HashSet::new();
    loop {
        let (org_ids, user_ids) = app.hub.ready();
        if org_ids.is_empty() {
            return Ok(reached);
        }
        let open = store::pending(&app.db, &org_ids, &user_ids, app.clock.now(), BATCH).await?;
        let full = i64::try_from(open.len()).unwrap_or(BATCH) >= BATCH;
        let sent: Vec<&Open> = open
            .iter()
            .filter(|one| {
                let person = (one.org_id, one.recipient_id);
                app.hub.has_room(person) && app.hub.send(person, &one.frame())
            })
            .collect();
        store::mark_sent(&app.db, &sent, app.clock.now()).await?;
        for one in &sent {
            reached.insert((one.org_id, one.recipient_id));
            lock(&app.hub.0.news)
                .progress
                .insert((one.org_id, one.item.notification_id));
        }
        if !full || sent.is_empty() {
            return Ok(reached);
        }
    }
}
