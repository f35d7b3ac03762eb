//! Functions that a request may call, each with the questions that somebody of another organization would ask.

use super::{
    attempts::try_sql,
    fixture::{About, Fixture},
};

/// A function, what is tried with it (as the parent and as the admin of home), and what must come of it. `{…}` stands for
/// ids of the other organization's rows; the answer is the first column of the last row.
struct Entry {
    function: &'static str,
    calls: &'static [(&'static str, &'static str)],
}

/// One entry for each function of the schema that `anon` or `authenticated` may run. A function that is not here fails the
/// suite. Functions without rights of their own (not security definer) stand here too: they must not become ways around.
const FUNCTIONS: &[Entry] = &[
    // Who the caller is; they read the claims and no table.
    Entry {
        function: "org_id",
        calls: &[],
    },
    Entry {
        function: "user_id",
        calls: &[],
    },
    Entry {
        function: "role",
        calls: &[],
    },
    Entry {
        function: "is_staff",
        calls: &[],
    },
    // Pure functions.
    Entry {
        function: "uuid_v7",
        calls: &[],
    },
    Entry {
        function: "uuid_list",
        calls: &[],
    },
    Entry {
        function: "priority_rank",
        calls: &[],
    },
    // Takes up dead letters of the caller's organization, whatever ids it is given.
    // Registers for the caller, in the caller's organization; takes no ids of others.
    Entry {
        function: "register_device",
        calls: &[],
    },
    Entry {
        function: "redrive_deliveries",
        calls: &[],
    },
    // Changes the claims to what the profile says; the situations by PostgREST all go through it.
    Entry {
        function: "pre_request",
        calls: &[],
    },
    // Run with the caller's rights: another organization has no people.
    Entry {
        function: "audience_members",
        calls: &[
            (
                "select count(*) from frontdesk.audience_members('{other}', '{\"all\": true}')",
                "0",
            ),
            (
                "select count(*) from frontdesk.audience_members('{other}', '{\"roles\": [\"admin\", \"parent\"]}')",
                "0",
            ),
            (
                "select count(*) from frontdesk.audience_members('{other}', '{\"grades\": [\"{grade}\"]}')",
                "0",
            ),
            (
                "select count(*) from frontdesk.audience_members('{home}', '{\"classes\": [\"{class}\"]}')",
                "0",
            ),
        ],
    },
    Entry {
        function: "get_notification_recipients",
        calls: &[
            (
                "select count(*) from frontdesk.get_notification_recipients(null, p_org_id := '{other}')",
                "0",
            ),
            (
                "select count(*) from frontdesk.get_notification_recipients('parent', p_org_id := '{other}')",
                "0",
            ),
            (
                "select count(*) from frontdesk.get_notification_recipients(null, array['{grade}'::uuid])",
                "0",
            ),
        ],
    },
    Entry {
        function: "localized",
        calls: &[],
    },
    Entry {
        function: "localized_for",
        calls: &[],
    },
    Entry {
        function: "check_audience",
        calls: &[],
    },
    Entry {
        function: "default_policy",
        calls: &[],
    },
    // The rules that another organization has made stay with it: these are as they ship.
    Entry {
        function: "policy_of",
        calls: &[(
            "select frontdesk.policy_of('{other}', 'announcement') = frontdesk.default_policy('announcement')",
            "t",
        )],
    },
    Entry {
        function: "plan_message",
        calls: &[(
            "select channels from frontdesk.plan_message('{other}', 'system', null, null)",
            "{in_app}",
        )],
    },
    // Writing into another organization, or to its people, is refused whoever asks.
    Entry {
        function: "create_notification",
        calls: &[(
            "select frontdesk.create_notification('T', '', '{\"all\": true}', p_org_id := '{other}')",
            "42501",
        )],
    },
    Entry {
        function: "cancel_notification",
        calls: &[(
            "select frontdesk.cancel_notification('{their_message}', '{other}')",
            "42501",
        )],
    },
    // Rows of the same person in the other organization stay as they are.
    Entry {
        function: "mark_inbox",
        calls: &[
            (
                "select frontdesk.mark_inbox(array['{their_message}'::uuid], 'read')",
                "0",
            ),
            (
                "select frontdesk.mark_inbox(array['{not_mine}'::uuid], 'archived')",
                "0",
            ),
            ("select frontdesk.mark_inbox(null, 'archived') >= 1", "t"),
        ],
    },
    Entry {
        function: "mark_inbox_seen",
        calls: &[
            ("select frontdesk.mark_inbox_seen(array['{their_message}'::uuid])", "0"),
            ("select frontdesk.mark_inbox_seen(array['{not_mine}'::uuid])", "0"),
            ("select frontdesk.mark_inbox_seen(array['{quiet}'::uuid])", "0"),
            ("select frontdesk.mark_inbox_seen() >= 1", "t"),
            (
                "select frontdesk.mark_inbox_seen(); select frontdesk.mark_inbox_seen()",
                "0",
            ),
        ],
    },
    Entry {
        function: "snooze_inbox",
        calls: &[
            (
                "select frontdesk.snooze_inbox(array['{their_message}'::uuid], now())",
                "0",
            ),
            ("select frontdesk.snooze_inbox(array['{not_mine}'::uuid], now())", "0"),
            ("select frontdesk.snooze_inbox(array['{quiet}'::uuid], now())", "0"),
        ],
    },
    Entry {
        function: "acknowledge_notification",
        calls: &[
            (
                "select coalesce(frontdesk.acknowledge_notification('{their_message}')::text, 'none')",
                "none",
            ),
            (
                "select coalesce(frontdesk.acknowledge_notification('{not_mine}')::text, 'none')",
                "none",
            ),
        ],
    },
    Entry {
        function: "set_inbox_status",
        calls: &[
            (
                "select frontdesk.set_inbox_status(array['{their_message}'::uuid], 'read')",
                "0",
            ),
            (
                "select frontdesk.set_inbox_status(array['{not_mine}'::uuid], 'archived')",
                "0",
            ),
            ("select frontdesk.set_inbox_status(array['{quiet}'::uuid], 'read')", "0"),
            ("select frontdesk.set_inbox_status(null, 'read') >= 1", "t"),
            ("select frontdesk.set_inbox_status(null, 'unread')", "0"),
        ],
    },
    Entry {
        function: "acknowledge_deliveries",
        calls: &[
            (
                "select frontdesk.acknowledge_deliveries(array['{their_delivery}'::uuid])",
                "0",
            ),
            (
                "select frontdesk.acknowledge_deliveries(array['{not_my_delivery}'::uuid])",
                "0",
            ),
            // Mine, but not by websocket; and mine, but the second time.
            ("select frontdesk.acknowledge_deliveries(array['{my_mail}'::uuid])", "0"),
            (
                "select frontdesk.acknowledge_deliveries(array['{my_delivery}'::uuid]); \
                 select frontdesk.acknowledge_deliveries(array['{my_delivery}'::uuid])",
                "0",
            ),
        ],
    },
    // Starting a session here ends none there; both organizations have a live one of this person.
    Entry {
        function: "start_session",
        calls: &[(
            "select frontdesk.start_session(gen_random_uuid(), sha256('new'), interval '1 hour') > now()",
            "t",
        )],
    },
    Entry {
        function: "terminate_session",
        calls: &[
            (
                "select coalesce(frontdesk.terminate_session('{my_ended_session}')::text, 'none')",
                "none",
            ),
            (
                "select coalesce(frontdesk.terminate_session('{their_session}')::text, 'none')",
                "none",
            ),
            (
                "select coalesce(frontdesk.terminate_session('{my_session_there}')::text, 'none')",
                "none",
            ),
        ],
    },
    Entry {
        function: "terminate_user_sessions",
        calls: &[("select frontdesk.terminate_user_sessions(frontdesk.user_id())", "1")],
    },
];

/// Calls that end other people's things: an admin may, a parent may not. (function, call, the admin's answer, the parent's)
const BY_ROLE: &[(&str, &str, &str, &str)] = &[
    (
        "terminate_session",
        "select coalesce(frontdesk.terminate_session('{session_here}') is not null, false)",
        "t",
        "f",
    ),
    (
        "terminate_user_sessions",
        "select frontdesk.terminate_user_sessions('{somebody}', 'admin')",
        "1",
        "42501",
    ),
    // Another organization's message and deliveries are not there; a parent may not ask at all.
    (
        "redrive_deliveries",
        "select frontdesk.redrive_deliveries('{their_message}', null, null, null)",
        "0",
        "42501",
    ),
    (
        "redrive_deliveries",
        "select frontdesk.redrive_deliveries(null, null, null, array['{their_delivery}'::uuid])",
        "0",
        "42501",
    ),
];

/// Whether calls of a function are tried here.
pub fn knows(function: &str) -> bool {
    FUNCTIONS
        .iter()
        .any(|entry| entry.function == function && !entry.calls.is_empty())
}

/// The mismatches of all functions, or of one, as sentences.
pub async fn check(fixture: &Fixture, only: Option<&str>) -> Vec<String> {
    let asked = |function: &str| only.is_none_or(|only| only == function);
    let mut wrong = catalog(fixture).await;
    for role in [0, 3] {
        let open = &fixture.situations[role * 4].open;
        for entry in FUNCTIONS.iter().filter(|entry| asked(entry.function)) {
            for (call, answer) in entry.calls {
                call_as(fixture, role, open, call, answer, &mut wrong).await;
            }
        }
        for (_, call, admin, parent) in BY_ROLE.iter().filter(|(function, ..)| asked(function)) {
            let answer = if role == 0 { admin } else { parent };
            call_as(fixture, role, open, call, answer, &mut wrong).await;
        }
    }
    wrong
}

async fn call_as(fixture: &Fixture, role: usize, open: &str, call: &str, answer: &str, wrong: &mut Vec<String>) {
    let call = fill(fixture, role, call);
    let digest = fixture.digest_sql(fixture.home);
    let name = &fixture.situations[role * 4].name;
    let was = match try_sql(fixture, &format!("{open}; {call}")).await {
        Ok((row, _)) => row.map(|row| row[0].clone()).unwrap_or_default(),
        Err((code, _)) => code,
    };
    if was != answer {
        wrong.push(format!("{call} as {name}: expected {answer}, was {was}"));
    }
    if let Ok((Some(row), _)) = try_sql(
        fixture,
        &format!("{open}; {call}; reset session authorization; {digest}"),
    )
    .await
        && fixture.digests.get(&fixture.home) != Some(&row[0])
    {
        wrong.push(format!("{call} as {name} changed rows of another organization"));
    }
}

/// Puts ids in. "mine" is the caller's; people and their rows are the same person's in both organizations.
fn fill(fixture: &Fixture, role: usize, call: &str) -> String {
    let leaf = |table: &str, org, about, column: &str| {
        fixture.leaves[&(table.to_owned(), org, about)][column]
            .trim_start_matches('\'')
            .split('\'')
            .next()
            .unwrap_or_default()
            .to_owned()
    };
    let (mine, not_mine) = (About::Person(role), About::Person(4));
    let (home, other) = (fixture.home, fixture.other);
    [
        ("{home}", home.to_string()),
        ("{other}", other.to_string()),
        ("{somebody}", fixture.people[4].to_string()),
        ("{grade}", leaf("grades", other, About::Stranger, "id")),
        ("{class}", leaf("classes", other, About::Stranger, "id")),
        (
            "{their_message}",
            leaf("notification_recipients", other, mine, "notification_id"),
        ),
        (
            "{not_mine}",
            leaf("notification_recipients", home, not_mine, "notification_id"),
        ),
        ("{quiet}", fixture.quiet.to_string()),
        ("{my_mail}", fixture.mails[&(home, role)].to_string()),
        ("{my_delivery}", fixture.websocket[&(home, role)].to_string()),
        ("{my_ended_session}", fixture.ended_sessions[&role].to_string()),
        ("{their_delivery}", fixture.websocket[&(other, role)].to_string()),
        ("{not_my_delivery}", fixture.websocket[&(home, 4)].to_string()),
        ("{their_session}", leaf("user_sessions", other, not_mine, "id")),
        ("{my_session_there}", leaf("user_sessions", other, mine, "id")),
        ("{session_here}", leaf("user_sessions", home, not_mine, "id")),
    ]
    .iter()
    .fold(call.to_owned(), |call, (name, id)| call.replace(name, id))
}

/// What the catalog says about all functions of the schema.
async fn catalog(fixture: &Fixture) -> Vec<String> {
    let rows = fixture
        .client
        .query(
            "select p.proname::text, p.prosecdef, coalesce(p.proconfig, '{}'),
               exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0),
               has_function_privilege('authenticated', p.oid, 'execute') or has_function_privilege('anon', p.oid, 'execute')
             from pg_proc p where p.pronamespace = 'frontdesk'::regnamespace order by 1",
            &[],
        )
        .await
        .expect("the functions");
    let mut wrong = Vec::new();
    for row in rows {
        let (name, definer, config): (String, bool, Vec<String>) = (row.get(0), row.get(1), row.get(2));
        if definer && !config.contains(&"search_path=frontdesk, pg_temp".to_owned()) {
            wrong.push(format!(
                "{name} is security definer without `set search_path = frontdesk, pg_temp`"
            ));
        }
        if row.get(3) {
            wrong.push(format!("public may run {name}"));
        }
        if row.get(4) && !FUNCTIONS.iter().any(|entry| entry.function == name) {
            wrong.push(format!(
                "requests may run frontdesk.{name}, which has no entry in FUNCTIONS of tests/it/tenancy_matrix/functions.rs: \
                 say what somebody of another organization gets from it"
            ));
        }
    }
    wrong
}
