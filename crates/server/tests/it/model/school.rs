//! Three organizations that share people, as the database has them and as the model has them, side by side.

use std::collections::{BTreeMap, BTreeSet};

use platform::ids;
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use super::caller;
use crate::support::{TestApp, app::Answer};

/// Who belongs where: (organization, person, role). The first three people are in several.
pub const MEMBERS: &[(usize, usize, &str)] = &[
    (0, 0, "admin"),
    (0, 1, "staff"),
    (0, 2, "teacher"),
    (0, 3, "parent"),
    (0, 4, "student"),
    (0, 5, "parent"),
    (1, 0, "parent"),
    (1, 1, "admin"),
    (1, 2, "staff"),
    (1, 3, "teacher"),
    (1, 6, "student"),
    (2, 2, "admin"),
    (2, 0, "teacher"),
    (2, 7, "parent"),
];
/// (student, guardian) by their places in MEMBERS; each organization's class has its students and teachers.
const GUARDIANS: &[(usize, usize)] = &[(4, 3), (4, 2), (10, 6)];

/// Who a message is for; people by their places in MEMBERS, which may be of another organization.
#[derive(Clone, Debug)]
pub enum Audience {
    All,
    People(Vec<usize>),
    Roles(Vec<&'static str>),
    Class(Vec<&'static str>),
}

/// Where a message is in somebody's inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Unread,
    Read,
    Archived,
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::Read => "read",
            Self::Archived => "archived",
        }
    }
}

struct Message {
    id: String,
    org: usize,
    audience: Audience,
    /// By place in MEMBERS; none until it is expanded.
    inboxes: Option<BTreeMap<usize, Status>>,
}

/// The world and its model.
pub struct Schools<'a> {
    app: &'a TestApp,
    orgs: Vec<Uuid>,
    users: Vec<Uuid>,
    active: Vec<bool>,
    messages: Vec<Message>,
}

type Seen = Result<(), String>;

fn same<T: PartialEq + std::fmt::Debug>(what: &str, model: &T, seen: &T) -> Seen {
    if model == seen {
        Ok(())
    } else {
        Err(format!("{what}: the model says {model:?}, the server {seen:?}"))
    }
}

impl<'a> Schools<'a> {
    /// New organizations and people.
    pub async fn open(app: &'a TestApp) -> Self {
        let orgs: Vec<Uuid> = (0..3).map(|_| ids::new_id()).collect();
        let users: Vec<Uuid> = (0..8).map(|_| ids::new_id()).collect();
        let mut sql = String::new();
        for org in &orgs {
            sql += &format!(
                "insert into frontdesk.organizations (id, name, slug, kind) values ('{org}', 'Org', 'o{}', 'school');
                 insert into frontdesk.classes (org_id, id, external_id, name) values ('{org}', '{org}', 'c', 'Class');\n",
                org.simple()
            );
        }
        for (org, user, role) in MEMBERS {
            let (org, user) = (orgs[*org], users[*user]);
            sql += &format!(
                "insert into frontdesk.profiles (org_id, id, role, name) values ('{org}', '{user}', '{role}', '{role}');\n"
            );
            match *role {
                "student" => {
                    sql += &format!(
                        "insert into frontdesk.students (org_id, id) values ('{org}', '{user}');
                         insert into frontdesk.enrollments (org_id, class_id, student_id) values ('{org}', '{org}', '{user}');\n"
                    );
                }
                "teacher" => {
                    sql += &format!(
                        "insert into frontdesk.class_teachers (org_id, class_id, teacher_id) values ('{org}', '{org}', '{user}');\n"
                    );
                }
                _ => {}
            }
        }
        for (student, guardian) in GUARDIANS {
            let org = orgs[MEMBERS[*student].0];
            let (student, guardian) = (users[MEMBERS[*student].1], users[MEMBERS[*guardian].1]);
            sql += &format!(
                "insert into frontdesk.guardians (org_id, student_id, guardian_id, relationship) \
                 values ('{org}', '{student}', '{guardian}', 'Guardian');\n"
            );
        }
        app.db.run(&sql).await;
        Self {
            app,
            orgs,
            users,
            active: vec![true; MEMBERS.len()],
            messages: Vec::new(),
        }
    }

    async fn ask(&self, who: usize, method: Method, path: &str, body: Option<Value>) -> Answer {
        let (org, user, _) = MEMBERS[who];
        let token = self.app.token(self.orgs[org], self.users[user]);
        self.app.ask(method, path, Some(&token), body).await
    }

    fn is_staff(who: usize) -> bool {
        matches!(MEMBERS[who].2, "admin" | "staff")
    }

    /// The model's answer to who an audience of an organization is, now.
    fn members(&self, org: usize, audience: &Audience) -> BTreeSet<usize> {
        let active = |who: &usize| self.active[*who] && MEMBERS[*who].0 == org;
        let guards = |who: usize| {
            let mut children = GUARDIANS.iter().filter(|(_, guardian)| *guardian == who);
            children.any(|(student, _)| self.active[*student])
        };
        let qualifies = |who: &usize| {
            let role = MEMBERS[*who].2;
            match audience {
                Audience::All => true,
                Audience::People(people) => people.iter().any(|named| MEMBERS[*named].1 == MEMBERS[*who].1),
                Audience::Roles(roles) => roles.contains(&role) || (roles.contains(&"parent") && guards(*who)),
                Audience::Class(roles) => {
                    let asked = |role: &str| roles.is_empty() || roles.contains(&role);
                    (role == "student" && asked("student"))
                        || (role == "teacher" && asked("teacher"))
                        || (guards(*who) && asked("parent"))
                }
            }
        };
        (0..MEMBERS.len()).filter(active).filter(qualifies).collect()
    }

    fn asked(&self, audience: &Audience) -> Value {
        match audience {
            Audience::All => json!({"all": true}),
            Audience::People(people) => {
                let people: Vec<Uuid> = people.iter().map(|who| self.users[MEMBERS[*who].1]).collect();
                json!({"people": people})
            }
            Audience::Roles(roles) => json!({"roles": roles}),
            Audience::Class(roles) if roles.is_empty() => json!({"classes": ["c"]}),
            Audience::Class(roles) => json!({"classes": ["c"], "roles": roles}),
        }
    }

    /// Whether each of the named is an active member of the organization.
    fn all_known(&self, org: usize, audience: &Audience) -> bool {
        let Audience::People(people) = audience else {
            return true;
        };
        people.iter().all(|named| {
            (0..MEMBERS.len())
                .any(|who| self.active[who] && MEMBERS[who].0 == org && MEMBERS[who].1 == MEMBERS[*named].1)
        })
    }

    /// The status that the model gives a request for staff.
    fn for_staff(&self, who: usize, allowed: u16) -> u16 {
        if !self.active[who] {
            401
        } else if Self::is_staff(who) {
            allowed
        } else {
            403
        }
    }

    pub async fn send(&mut self, who: usize, audience: &Audience) -> Seen {
        let org = MEMBERS[who].0;
        let reaches = self.all_known(org, audience) && !self.members(org, audience).is_empty();
        let expected = self.for_staff(who, if reaches { 202 } else { 422 });
        let body = json!({"title": "T", "content": "", "audience": self.asked(audience)});
        let answer = self.ask(who, Method::POST, "/v1/notifications", Some(body)).await;
        if answer.status == 202 {
            self.messages.push(Message {
                id: answer.body["id"].as_str().unwrap_or_default().to_owned(),
                org,
                audience: audience.clone(),
                inboxes: None,
            });
        }
        same("status", &expected, &answer.status.as_u16())
    }

    pub async fn preview(&mut self, who: usize, audience: &Audience) -> Seen {
        let org = MEMBERS[who].0;
        let known = self.all_known(org, audience);
        let expected = self.for_staff(who, if known { 200 } else { 422 });
        let body = json!({"audience": self.asked(audience)});
        let answer = self.ask(who, Method::POST, "/v1/audiences/preview", Some(body)).await;
        same("status", &expected, &answer.status.as_u16())?;
        if expected == 200 {
            let total = u64::try_from(self.members(org, audience).len()).unwrap_or_default();
            same("total", &Some(total), &answer.body["total"].as_u64())?;
        }
        Ok(())
    }

    /// Expands what is waiting, for the people as they are now.
    pub async fn expand(&mut self) {
        self.app.drain().await;
        for index in 0..self.messages.len() {
            if self.messages[index].inboxes.is_none() {
                let members = self.members(self.messages[index].org, &self.messages[index].audience);
                self.messages[index].inboxes = Some(members.into_iter().map(|who| (who, Status::Unread)).collect());
            }
        }
    }

    pub async fn mark(&mut self, who: usize, which: usize, status: Status) -> Seen {
        let Some(which) = self.nth(which) else { return Ok(()) };
        let path = format!("/v1/inbox/{}", self.messages[which].id);
        let answer = self
            .ask(who, Method::PATCH, &path, Some(json!({"status": status.word()})))
            .await;
        let mine = self.messages[which]
            .inboxes
            .as_mut()
            .and_then(|inboxes| inboxes.get_mut(&who));
        let expected = match mine {
            _ if !self.active[who] => 401,
            Some(mine) => {
                *mine = status;
                200
            }
            None => 404,
        };
        same("status", &expected, &answer.status.as_u16())
    }

    fn nth(&self, which: usize) -> Option<usize> {
        (!self.messages.is_empty()).then(|| which % self.messages.len())
    }

    pub async fn read_all(&mut self, who: usize) -> Seen {
        let answer = self.ask(who, Method::POST, "/v1/inbox/read-all", None).await;
        if !self.active[who] {
            return same("status", &401, &answer.status.as_u16());
        }
        let mut updated = 0;
        for inboxes in self.messages.iter_mut().filter_map(|message| message.inboxes.as_mut()) {
            if let Some(status @ Status::Unread) = inboxes.get_mut(&who) {
                *status = Status::Read;
                updated += 1;
            }
        }
        same("updated", &Some(updated), &answer.body["updated"].as_u64())
    }

    /// An admin lets somebody in or out; where the admin is out themselves, the system does.
    pub async fn set_active(&mut self, who: usize, active: bool) {
        let (org, user, _) = MEMBERS[who];
        let admin =
            (0..MEMBERS.len()).find(|who| MEMBERS[*who].0 == org && MEMBERS[*who].2 == "admin" && self.active[*who]);
        let sql = "update frontdesk.profiles set status = $3 where org_id = $1 and id = $2";
        let status = if active { "active" } else { "inactive" };
        let (org_id, user_id) = (self.orgs[org], self.users[user]);
        match admin {
            Some(admin) => {
                let caller = caller(org_id, self.users[MEMBERS[admin].1]);
                let rows = self.app.db.db.query(&caller, sql, &[&org_id, &user_id, &status]).await;
                rows.expect("an admin may");
            }
            None => {
                let rows = self
                    .app
                    .db
                    .db
                    .system_query("test", sql, &[&org_id, &user_id, &status])
                    .await;
                rows.expect("the system may");
            }
        }
        self.active[who] = active;
    }

    fn inbox(&self, who: usize, wanted: impl Fn(Status) -> bool) -> BTreeSet<(String, &'static str)> {
        let messages = self.messages.iter().filter_map(|message| {
            let status = *message.inboxes.as_ref()?.get(&who)?;
            wanted(status).then(|| (message.id.clone(), status.word()))
        });
        messages.collect()
    }

    pub async fn list_inbox(&mut self, who: usize, status: Option<Status>) -> Seen {
        let query = status.map_or(String::new(), |status| format!("&status={}", status.word()));
        let answer = self
            .ask(who, Method::GET, &format!("/v1/inbox?limit=100{query}"), None)
            .await;
        if !self.active[who] {
            return same("status", &401, &answer.status.as_u16());
        }
        let model = self.inbox(who, |found| {
            status.map_or(found != Status::Archived, |status| found == status)
        });
        let items = answer.body["items"].as_array().cloned().unwrap_or_default();
        let model: BTreeSet<(String, String)> = model.into_iter().map(|(id, status)| (id, status.to_owned())).collect();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let seen: BTreeSet<(String, String)> = items
            .iter()
            .map(|item| (text(&item["notification_id"]), text(&item["status"])))
            .collect();
        same(&format!("inbox of {who} ({status:?})"), &model, &seen)
    }

    pub async fn count_inbox(&mut self, who: usize) -> Seen {
        let answer = self.ask(who, Method::GET, "/v1/inbox/counts", None).await;
        if !self.active[who] {
            return same("status", &401, &answer.status.as_u16());
        }
        let unread = self.inbox(who, |status| status == Status::Unread).len();
        let total = self.inbox(who, |status| status != Status::Archived).len();
        same(
            &format!("counts of {who}"),
            &json!([unread, total]),
            &json!([answer.body["unread"], answer.body["total"]]),
        )
    }

    pub async fn list_notifications(&mut self, who: usize) -> Seen {
        let answer = self.ask(who, Method::GET, "/v1/notifications?limit=100", None).await;
        same("status", &self.for_staff(who, 200), &answer.status.as_u16())?;
        let items = answer.body["items"].as_array().cloned().unwrap_or_default();
        let seen: BTreeSet<String> = items
            .iter()
            .map(|item| item["id"].as_str().unwrap_or_default().to_owned())
            .collect();
        let ours = self.messages.iter().filter(|message| message.org == MEMBERS[who].0);
        let model: BTreeSet<String> = if answer.status == 200 {
            ours.map(|message| message.id.clone()).collect()
        } else {
            BTreeSet::new()
        };
        same(&format!("notifications for {who}"), &model, &seen)
    }

    pub async fn get_notification(&mut self, who: usize, which: usize) -> Seen {
        let Some(which) = self.nth(which) else { return Ok(()) };
        let message = &self.messages[which];
        let ours = message.org == MEMBERS[who].0;
        let answer = self
            .ask(who, Method::GET, &format!("/v1/notifications/{}", message.id), None)
            .await;
        let expected = self.for_staff(who, if ours { 200 } else { 404 });
        same("status", &expected, &answer.status.as_u16())?;
        if expected != 200 {
            return Ok(());
        }
        let inboxes = message.inboxes.clone().unwrap_or_default();
        let count = |status: Status| inboxes.values().filter(|found| **found == status).count();
        let model = json!({"total": inboxes.len(), "unread": count(Status::Unread), "read": count(Status::Read),
            "archived": count(Status::Archived), "acknowledged": 0});
        same("recipients", &model, &answer.body["recipients"])
    }

    pub async fn list_people(&mut self, who: usize) -> Seen {
        let answer = self.ask(who, Method::GET, "/v1/profiles?limit=100", None).await;
        if !self.active[who] {
            return same("status", &401, &answer.status.as_u16());
        }
        let visible = |other: &usize| {
            MEMBERS[*other].0 == MEMBERS[who].0 && (Self::is_staff(who) || MEMBERS[*other].1 == MEMBERS[who].1)
        };
        let model: BTreeSet<String> = (0..MEMBERS.len())
            .filter(visible)
            .map(|other| self.users[MEMBERS[other].1].to_string())
            .collect();
        let items = answer.body["items"].as_array().cloned().unwrap_or_default();
        let seen: BTreeSet<String> = items
            .iter()
            .map(|item| item["id"].as_str().unwrap_or_default().to_owned())
            .collect();
        same(&format!("people for {who}"), &model, &seen)
    }
}
