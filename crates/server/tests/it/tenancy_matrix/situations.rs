//! By which ways somebody comes to the database, and as what they are to be treated.

mod special;

pub use special::{ELSEWHERE, EXPIRED, IDLE, INACTIVE, MOVER};
use uuid::Uuid;

use super::{
    fixture::{About, Leaves, ROLES},
    rows::Values,
};

/// What is to become of somebody who comes so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Treatment {
    /// As this column of `expected.txt` says.
    As(&'static str),
    /// Every statement is refused for want of privileges.
    Refused,
    /// Turned away when the request opens (FD401): no statement runs at all.
    Closed,
}

/// One way to come.
#[derive(Debug)]
pub struct Situation {
    /// As a sentence says it.
    pub name: String,
    /// SQL that opens the request, as the login does.
    pub open: String,
    /// The organization that they come for.
    pub org: Uuid,
    /// Which of the five people, if one of them.
    pub person: Option<usize>,
    /// What is to become of them.
    pub treatment: Treatment,
    /// Whether it is among the few that each mutation is tried on.
    pub core: bool,
}

struct List<'a> {
    login: &'a str,
    situations: Vec<Situation>,
}

impl List<'_> {
    fn add(&mut self, name: impl Into<String>, open: String, org: Uuid, person: Option<usize>, treatment: Treatment) {
        self.situations.push(Situation {
            name: name.into(),
            open,
            org,
            person,
            treatment,
            core: false,
        });
    }

    fn core(&mut self) {
        if let Some(last) = self.situations.last_mut() {
            last.core = true;
        }
    }

    /// As PostgREST opens a request: role and claims of the token, then its pre-request function.
    fn postgrest(&self, role: &str, claims: &str) -> String {
        format!(
            "set local session authorization {}; \
             select set_config('role', '{role}', true), set_config('request.jwt.claims', '{claims}', true); \
             select frontdesk.pre_request()",
            self.login
        )
    }
}

pub fn claims(org: Uuid, user: Uuid, more: &str) -> String {
    format!(r#"{{"org_id":"{org}","sub":"{user}","role":"authenticated"{more}}}"#)
}

pub fn open_person(claims: &str) -> String {
    format!("set local session authorization frontdesk_api; select frontdesk.open_request('{claims}')")
}

pub fn open_session(org: Uuid, token_hash: &str) -> String {
    format!(
        "set local session authorization frontdesk_api; select frontdesk.open_request_with_session('{org}', {token_hash})"
    )
}

fn open_key(org: Uuid, id: &str, secret_hash: &str) -> String {
    format!(
        "set local session authorization frontdesk_api; select frontdesk.open_request_with_key('{org}', {id}, {secret_hash})"
    )
}

/// Claims that a forger would like.
const FORGED: &str = r#","org_role":"admin","user_role":"admin","app_metadata":{"org_role":"admin","role":"admin"}"#;

/// All situations, and the SQL that makes the people, sessions and keys that only they need.
pub fn all(login: &str, orgs: [Uuid; 2], people: &[Uuid], leaves: &Leaves) -> (Vec<Situation>, String) {
    let mut list = List {
        login,
        situations: Vec::new(),
    };
    welcome(&mut list, orgs, people, leaves);
    forged(&mut list, orgs, people);
    without_context(&mut list);
    let extra = special::add(&mut list, orgs, people, leaves);
    (list.situations, extra)
}

fn welcome(list: &mut List<'_>, [home, other]: [Uuid; 2], people: &[Uuid], leaves: &Leaves) {
    for (index, role) in ROLES.into_iter().enumerate() {
        let own = claims(home, people[index], "");
        list.add(
            format!("{role} with a token"),
            open_person(&own),
            home,
            Some(index),
            Treatment::As(role),
        );
        list.core();
        let postgrest = list.postgrest("authenticated", &own);
        list.add(
            format!("{role} by PostgREST"),
            postgrest,
            home,
            Some(index),
            Treatment::As(role),
        );
        let session = &leaves[&("user_sessions".to_owned(), home, About::Person(index))]["token_hash"];
        let open = open_session(home, session);
        list.add(
            format!("{role} with a session"),
            open,
            home,
            Some(index),
            Treatment::As(role),
        );
        let there = ROLES[(index + 3) % 5];
        let open = open_person(&claims(other, people[index], ""));
        let name = format!("the same person, {role} here, in the other organization, where they are {there}");
        list.add(name, open, other, Some(index), Treatment::As(there));
    }
    let key: &Values = &leaves[&("service_keys".to_owned(), home, About::Stranger)];
    let open = open_key(home, &key["id"], &key["secret_hash"]);
    list.add("the organization's key", open, home, None, Treatment::As("key"));
    list.core();
    let worker = "set local session authorization frontdesk_worker; select set_config('role', 'service_role', true)";
    list.add("our worker", worker.into(), home, None, Treatment::As("service"));
    list.core();
    let service = list.postgrest("service_role", r#"{"role":"service_role"}"#);
    list.add("PostgREST's service key", service, home, None, Treatment::As("service"));
    let supabase = format!(
        r#"{{"sub":"{}","role":"authenticated","app_metadata":{{"org_id":"{home}"}}}}"#,
        people[3]
    );
    let open = list.postgrest("authenticated", &supabase);
    list.add(
        "parent, organization in app_metadata",
        open,
        home,
        Some(3),
        Treatment::As("parent"),
    );
}

fn forged(list: &mut List<'_>, [home, other]: [Uuid; 2], people: &[Uuid]) {
    for index in [3, 4] {
        let role = ROLES[index];
        let forged = claims(home, people[index], FORGED);
        let name = format!("{role} whose token says admin");
        list.add(&name, open_person(&forged), home, Some(index), Treatment::As(role));
        let open = list.postgrest("authenticated", &forged);
        list.add(
            format!("{name}, by PostgREST"),
            open,
            home,
            Some(index),
            Treatment::As(role),
        );
    }
    // One organization on top and another below: the one on top counts, and the profile there.
    let two = claims(
        home,
        people[3],
        &format!(r#","app_metadata":{{"org_id":"{other}","org_role":"admin"}}"#),
    );
    list.add(
        "parent who names two organizations",
        open_person(&two),
        home,
        Some(3),
        Treatment::As("parent"),
    );
    let open = list.postgrest("authenticated", &two);
    let name = "parent who names two organizations, by PostgREST";
    list.add(name, open, home, Some(3), Treatment::As("parent"));
    // The claim `role` says one thing, PostgREST's role (its jwt-role-claim-key is configurable) another.
    let posing = format!(
        r#"{{"org_id":"{home}","sub":"{}","role":"service_role","org_role":"admin"}}"#,
        people[3]
    );
    let open = list.postgrest("authenticated", &posing);
    list.add(
        "parent whose role claim says service_role",
        open,
        home,
        Some(3),
        Treatment::As("parent"),
    );
    let service = r#"{"role":"service_role","org_role":"service"}"#;
    list.add(
        "a token that says service_role",
        open_person(service),
        home,
        None,
        Treatment::Closed,
    );
    let open = list.postgrest("authenticated", service);
    list.add(
        "a token that says service_role, by PostgREST",
        open,
        home,
        None,
        Treatment::As("nobody"),
    );
}

fn without_context(list: &mut List<'_>) {
    let nobody = Uuid::nil();
    let as_role = |login: &str, claims: &str| {
        format!(
            "set local session authorization {login}; select set_config('role', 'authenticated', true), \
             set_config('request.jwt.claims', '{claims}', true)"
        )
    };
    let open = as_role("frontdesk_api", "");
    list.add("no claims", open, nobody, None, Treatment::As("nobody"));
    list.core();
    list.add(
        "empty claims",
        as_role("frontdesk_api", "{}"),
        nobody,
        None,
        Treatment::As("nobody"),
    );
    let open = list.postgrest("anon", "");
    list.add("anon", open, nobody, None, Treatment::Refused);
    list.core();
    let open = list.postgrest("authenticated", "");
    list.add("no claims by PostgREST", open, nobody, None, Treatment::As("nobody"));
    for login in ["frontdesk_api", "frontdesk_worker", list.login] {
        let open = format!("set local session authorization {login}");
        let name = if login == list.login {
            "PostgREST's login"
        } else {
            login
        };
        list.add(format!("{name} without a role"), open, nobody, None, Treatment::Refused);
    }
}
