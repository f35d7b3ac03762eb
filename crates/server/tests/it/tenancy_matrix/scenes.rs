//! What functions with their owner's rights do to rows: their own effect, and none on anybody else.

use uuid::Uuid;

use super::{
    attempts::try_sql,
    fixture::{About, Fixture},
    situations::{ELSEWHERE, EXPIRED, IDLE, INACTIVE, MOVER, claims, open_person, open_session},
};

/// One call and a look at what it did.
struct Scene {
    function: &'static str,
    what: &'static str,
    open: String,
    call: String,
    /// Asked as the superuser afterwards; without it, the call's own answer (or SQLSTATE) counts.
    look: Option<String>,
    answer: &'static str,
}

const START: &str = "select frontdesk.start_session(gen_random_uuid(), sha256('new'), interval '1 hour') > now()";

fn scenes(fixture: &Fixture) -> Vec<Scene> {
    let (home, other) = (fixture.home, fixture.other);
    let by = |org: Uuid, user: Uuid| open_person(&claims(org, user, ""));
    // As PostgREST without its pre-request function would: claims that nobody has looked at.
    let unchecked = |user: Uuid| {
        format!(
            "set local session authorization frontdesk_api; select set_config('role', 'authenticated', true), \
             set_config('request.jwt.claims', '{}', true)",
            claims(home, user, "")
        )
    };
    let reasons = |user: Uuid| {
        Some(format!(
            "select string_agg(coalesce(termination_reason, 'live'), ' ' order by termination_reason nulls last) \
             from frontdesk.user_sessions where org_id = '{home}' and user_id = '{user}'"
        ))
    };
    let start = |what, open, look, answer| Scene {
        function: "start_session",
        what,
        open,
        call: START.to_owned(),
        look,
        answer,
    };
    let of_others = Some(format!(
        "select count(*) from frontdesk.user_sessions where org_id = '{home}' and user_id <> '{MOVER}' \
         and termination_reason not in ('manual', 'admin')"
    ));
    let mut scenes = vec![
        start(
            "ends the one before",
            by(home, MOVER),
            reasons(MOVER),
            "manual new_login live",
        ),
        start("ends nobody else's", by(home, MOVER), of_others, "0"),
        start(
            "after one that expired",
            by(home, EXPIRED),
            reasons(EXPIRED),
            "expired live",
        ),
        start("after one that was idle", by(home, IDLE), reasons(IDLE), "timeout live"),
        start("where a live one stays, after signing out", by(other, MOVER), None, "t"),
        start(
            "where a live one stays, for the first time",
            by(other, ELSEWHERE),
            None,
            "t",
        ),
        start("where a live one stays", by(other, fixture.people[0]), None, "FD409"),
        start("by somebody inactive", unchecked(INACTIVE), None, "FD401"),
        start(
            "by somebody of the other organization",
            unchecked(ELSEWHERE),
            None,
            "FD401",
        ),
        start("by somebody unknown", unchecked(Uuid::nil()), None, "FD401"),
    ];
    let hash = &fixture.leaves[&("user_sessions".to_owned(), home, About::Person(1))]["token_hash"];
    scenes.push(Scene {
        function: "touch_session",
        what: "notes the use of one session",
        open: open_session(home, hash),
        call: "select 1".to_owned(),
        look: Some(format!(
            "select count(*) from frontdesk.user_sessions where user_id in ({}) and last_active > now() - interval '1 minute' \
             and is_active",
            fixture.people.iter().map(|person| format!("'{person}'")).collect::<Vec<_>>().join(", ")
        )),
        answer: "1",
    });
    scenes
}

/// The mismatches of all functions, or of one, as sentences.
pub async fn check(fixture: &Fixture, only: Option<&str>) -> Vec<String> {
    let mut wrong = Vec::new();
    for scene in scenes(fixture) {
        let wanted = only.is_none_or(|only| only == scene.function || HELPERS.contains(&(only, scene.function)));
        if !wanted {
            continue;
        }
        let look = scene
            .look
            .as_deref()
            .map_or(String::new(), |look| format!("; reset session authorization; {look}"));
        let was = match try_sql(fixture, &format!("{}; {}{look}", scene.open, scene.call)).await {
            Ok((row, _)) => row.map(|row| row[0].clone()).unwrap_or_default(),
            Err((code, _)) => code,
        };
        if was != scene.answer {
            wrong.push(format!(
                "{} {}: expected {}, was {was}",
                scene.function, scene.what, scene.answer
            ));
        }
        let digest = fixture.digest_sql(fixture.home);
        let sql = format!("{}; {}; reset session authorization; {digest}", scene.open, scene.call);
        if scene.open.contains(&format!(r#""org_id":"{}""#, fixture.home))
            && let Ok((Some(row), _)) = try_sql(fixture, &sql).await
            && fixture.digests.get(&fixture.home) != Some(&row[0])
        {
            wrong.push(format!(
                "{} {} changed rows of another organization",
                scene.function, scene.what
            ));
        }
    }
    wrong
}

/// Functions that only others call, and by which scenes they are seen.
const HELPERS: &[(&str, &str)] = &[("end_idle_sessions", "start_session")];

/// Whether a function has a scene.
pub fn knows(function: &str) -> bool {
    ["start_session", "touch_session", "end_idle_sessions"].contains(&function)
}
