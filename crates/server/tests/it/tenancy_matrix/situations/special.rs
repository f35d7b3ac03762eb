//! People, sessions, keys and identities of special cases: those who are turned away (all of them would be admins), and those
//! who must not be taken for somebody else.

use uuid::Uuid;

use super::{About, FORGED, Leaves, List, Treatment, claims, open_key, open_person, open_session};

const fn special(number: u128) -> Uuid {
    Uuid::from_u128(0xfd00_0000_0000_7000_8000_0000_0000_0000 + number)
}

/// Inactive at home, with a live session.
pub const INACTIVE: Uuid = special(1);
/// An admin of the other organization only, never signed in.
pub const ELSEWHERE: Uuid = special(2);
/// Their session at home was ended; a later one lives, and in the other organization the same provider's session does.
pub const ENDED: Uuid = special(3);
/// Sessions in both organizations that are past their time and not ended yet.
pub const EXPIRED: Uuid = special(4);
/// A session that has not been used for longer than home allows.
pub const IDLE: Uuid = special(5);
/// Lives at home, signed out in the other organization.
pub const MOVER: Uuid = special(6);
/// Has a live session at home of the same provider's session that ENDED had.
const TWIN: Uuid = special(7);

struct Script<'a, 'b> {
    list: &'a mut List<'b>,
    home: Uuid,
    other: Uuid,
    sql: String,
}

impl Script<'_, '_> {
    fn run(&mut self, sql: String) {
        self.sql += &sql;
        self.sql += ";\n";
    }

    fn person(&mut self, org: Uuid, id: Uuid, status: &str) {
        self.run(format!(
            "insert into frontdesk.profiles (org_id, id, role, name, status) values ('{org}', '{id}', 'admin', 'X', '{status}')"
        ));
    }

    /// A session with this token; `state` is its end, its reason, its last use and its time.
    fn session(&mut self, org: Uuid, user: Uuid, token: &str, provider: &str, state: &str) {
        self.run(format!(
            "insert into frontdesk.user_sessions (org_id, id, user_id, token_hash, provider_session_id, terminated_at, \
             termination_reason, is_active, last_active, expires_at) \
             values ('{org}', gen_random_uuid(), '{user}', sha256('{token}'), '{provider}', {state})"
        ));
    }

    fn closed(&mut self, name: &str, open: String) {
        self.list.add(name, open, self.home, None, Treatment::Closed);
    }

    /// Not turned away, because the application beside us may know them; but nothing here is for them.
    fn nobody(&mut self, name: &str, open: String) {
        self.list.add(name, open, self.home, None, Treatment::As("nobody"));
    }
}

const LIVE: &str = "null, null, true, now(), now() + interval '1 day'";
/// Ended before its time.
const CUT_SHORT: &str = "now(), 'admin', false, now(), now() + interval '1 day'";
const OVER: &str = "now(), 'manual', false, now(), now() - interval '1 hour'";

/// Adds the situations; answers the SQL that makes who they are about.
pub fn add(list: &mut List<'_>, [home, other]: [Uuid; 2], people: &[Uuid], leaves: &Leaves) -> String {
    let mut script = Script {
        list,
        home,
        other,
        sql: String::new(),
    };
    strangers(&mut script);
    sessions(&mut script, people, leaves);
    provider_sessions(&mut script, people);
    keys(&mut script, leaves);
    identities(&mut script, people);
    // A message that was not sent by in_app is in nobody's inbox.
    script.run(format!(
        "update frontdesk.notification_recipients set in_app = false where (org_id, notification_id, recipient_id) in \
         (select org_id, notification_id, recipient_id from frontdesk.notification_recipients \
          where org_id = '{home}' and recipient_id = '{}' limit 1)",
        people[3]
    ));
    script.sql
}

fn strangers(script: &mut Script<'_, '_>) {
    let (home, other) = (script.home, script.other);
    script.person(home, INACTIVE, "inactive");
    script.person(other, ELSEWHERE, "active");
    for id in [ENDED, EXPIRED, IDLE, MOVER, TWIN] {
        script.person(home, id, "active");
        script.person(other, id, "active");
    }
    for (name, user) in [
        ("inactive", INACTIVE),
        ("of another organization", ELSEWHERE),
        ("unknown", special(99)),
    ] {
        let claims = claims(home, user, FORGED);
        script.closed(&format!("an admin who is {name}"), open_person(&claims));
        let open = script.list.postgrest("authenticated", &claims);
        script.nobody(&format!("an admin who is {name}, by PostgREST"), open);
    }
}

fn sessions(script: &mut Script<'_, '_>, people: &[Uuid], leaves: &Leaves) {
    let (home, other) = (script.home, script.other);
    script.run(format!(
        "update frontdesk.organizations set settings = '{{\"sessions\":{{\"idle_minutes\":60}}}}' where id = '{home}'"
    ));
    script.run(format!(
        "update frontdesk.organizations set settings = '{{\"sessions\":{{\"on_new_login\":\"refuse\"}}}}' where id = '{other}'"
    ));
    // Used ten minutes ago at home, and hours ago where nothing says that this is too long.
    script.run(format!(
        "update frontdesk.user_sessions set last_active = now() - case org_id when '{home}' then interval '10 minutes' \
         else interval '2 hours' end"
    ));
    // Ids are unique within an organization only.
    let id = |org| &leaves[&("user_sessions".to_owned(), org, About::Person(1))]["id"];
    script.run(format!(
        "update frontdesk.user_sessions set id = {} where org_id = '{other}' and id = {}",
        id(home),
        id(other)
    ));
    for (index, person) in people.iter().enumerate() {
        script.session(home, *person, &format!("old {index}"), "old", OVER);
    }
    script.session(home, ENDED, "ended", "provider ended", CUT_SHORT);
    script.session(home, ENDED, "later", "another", LIVE);
    script.session(other, ENDED, "ended there", "provider ended", LIVE);
    script.session(home, TWIN, "twin", "provider ended", LIVE);
    let past = "null, null, true, now(), now() - interval '1 second'";
    script.session(home, EXPIRED, "expired", "provider expired", past);
    script.session(other, EXPIRED, "expired there", "provider expired", past);
    let idle = "null, null, true, now() - interval '2 hours', now() + interval '1 day'";
    script.session(home, IDLE, "idle", "provider idle", idle);
    script.session(home, INACTIVE, "of somebody inactive", "inactive", LIVE);
    script.session(home, MOVER, "mover", "mover", LIVE);
    script.session(home, MOVER, "mover before", "mover", OVER);
    script.session(other, MOVER, "mover there", "mover", OVER);
    for token in ["ended", "expired", "idle", "of somebody inactive", "unknown"] {
        let open = open_session(home, &format!("sha256('{token}')"));
        script.closed(&format!("a session that is {token}"), open);
    }
    let theirs = &leaves[&("user_sessions".to_owned(), other, About::Person(0))]["token_hash"];
    script.closed("a session of the other organization", open_session(home, theirs));
}

/// A token dies with the session that was started with it, and with nobody else's.
fn provider_sessions(script: &mut Script<'_, '_>, people: &[Uuid]) {
    let (home, other, parent) = (script.home, script.other, people[3]);
    script.run(format!(
        "update frontdesk.user_sessions set provider_session_id = 'live' where org_id = '{home}' and user_id = '{parent}' and is_active"
    ));
    script.session(other, parent, "elsewhere", "elsewhere", OVER);
    let both = |script: &Script<'_, '_>, user: Uuid, provider: &str| {
        let person = claims(home, user, "");
        let direct = format!(
            "set local session authorization frontdesk_api; select frontdesk.open_request('{person}', '{provider}')"
        );
        let claims = claims(home, user, &format!(r#","session_id":"{provider}""#));
        [direct, script.list.postgrest("authenticated", &claims)]
    };
    for (name, user) in [("ended", ENDED), ("expired", EXPIRED)] {
        for open in both(script, user, &format!("provider {name}")) {
            script.closed(&format!("a provider's token whose session is {name}"), open);
        }
    }
    for (name, provider) in [
        ("lives", "live"),
        ("is unknown here", "unknown"),
        ("ended for somebody else", "provider ended"),
        ("ended in the other organization", "elsewhere"),
    ] {
        for open in both(script, parent, provider) {
            let name = format!("parent whose provider's session {name}");
            script.list.add(name, open, home, Some(3), Treatment::As("parent"));
        }
    }
}

fn keys(script: &mut Script<'_, '_>, leaves: &Leaves) {
    let (home, other) = (script.home, script.other);
    let theirs = &leaves[&("service_keys".to_owned(), other, About::Stranger)];
    let open = open_key(home, &theirs["id"], &theirs["secret_hash"]);
    script.closed("a key of the other organization", open);
    let ours = &leaves[&("service_keys".to_owned(), home, About::Stranger)];
    let open = open_key(home, &ours["id"], &theirs["secret_hash"]);
    script.closed("a key with another secret", open);
    let open = open_key(home, &theirs["id"], &ours["secret_hash"]);
    script.closed("a secret with another key", open);
    for (number, name, revoked, expires) in [(20, "revoked", "now()", "null"), (21, "expired", "null", "now()")] {
        let (key, hash) = (format!("'{}'", special(number)), format!("sha256('{name}')"));
        script.run(format!(
            "insert into frontdesk.service_keys (org_id, id, name, secret_hash, revoked_at, expires_at) \
             values ('{home}', {key}, 'X', {hash}, {revoked}, {expires})"
        ));
        script.closed(&format!("a key that is {name}"), open_key(home, &key, &hash));
    }
}

/// Ids of other providers: the same text means somebody else for another provider and in another organization. The rows
/// that must not be found come first.
fn identities(script: &mut Script<'_, '_>, people: &[Uuid]) {
    let (home, other) = (script.home, script.other);
    for (org, issuer, id) in [
        (other, "a-idp", "org-1"),
        (other, "idp", "org-0"),
        (home, "idp", "org-1"),
    ] {
        script.run(format!(
            "insert into frontdesk.organization_identities (org_id, issuer, external_id) values ('{org}', '{issuer}', '{id}')"
        ));
    }
    for (org, issuer, id, person) in [
        (other, "idp", "user-1", people[0]),
        (home, "a-idp", "user-1", people[0]),
        (home, "idp", "user-0", people[1]),
        (home, "idp", "user-1", people[3]),
    ] {
        script.run(format!(
            "insert into frontdesk.profile_identities (org_id, issuer, external_id, profile_id) \
             values ('{org}', '{issuer}', '{id}', '{person}')"
        ));
    }
    let claims =
        |org: &str, user: &str| format!(r#"{{"iss":"idp","org_id":"{org}","sub":"{user}","role":"authenticated"}}"#);
    let open = script.list.postgrest("authenticated", &claims("org-1", "user-1"));
    let name = "parent by another provider's ids";
    script.list.add(name, open, home, Some(3), Treatment::As("parent"));
    let open = script.list.postgrest("authenticated", &claims("org-0", "user-1"));
    let name = "the same provider's id in the other organization, where it is somebody else";
    script.list.add(name, open, other, Some(0), Treatment::As("parent"));
    let open = script.list.postgrest("authenticated", &claims("org-1", "user-2"));
    script.nobody("a provider's id that is nobody", open);
    let open = script.list.postgrest("authenticated", &claims("org-2", "user-1"));
    script.nobody("a provider's organization that is none", open);
}
