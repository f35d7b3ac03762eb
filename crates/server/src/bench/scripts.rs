//! The transactions that pgbench runs, as scripts in its language.
//!
//! Called by `inbox` and `tenancy`. Ids are put together from a prefix and a number in SQL, because pgbench's variables are
//! integers: once a transaction, in a sub-select each, so that the statement sees them as parameters (beside the columns
//! they would be put together anew for each row, which costs 70 µs).

use super::seed::{FIRST_NUMBER, ORG_PREFIX, PERSON_PREFIX, Size};
use crate::inbox::FIRST_PAGE;

/// The page's 20 rows and the one that tells whether there are more.
pub const LIMIT: i64 = 21;

/// A transaction by its name.
pub struct Script {
    /// For its file and for messages.
    pub name: &'static str,
    /// In pgbench's language.
    pub text: String,
}

/// The people that a script picks from.
#[derive(Clone, Copy)]
pub struct Crowd {
    /// How the numbers of people and organizations hang together.
    pub size: Size,
    /// How many people.
    pub people: u32,
    /// The distance of their numbers.
    pub step: u32,
}

impl Crowd {
    /// pgbench's variables `org` and `person`, of somebody at random.
    fn pick(self) -> String {
        format!(
            "\\set limit {LIMIT}\n\
             \\set person random(0, {} - 1) * {}\n\
             \\set org :person / {} + {FIRST_NUMBER}\n\
             \\set person :person + {FIRST_NUMBER}\n",
            self.people, self.step, self.size.people
        )
    }
}

/// The inbox page as the API runs it: one statement after the other, four round trips, as most servers do.
pub fn sequence(crowd: Crowd) -> Script {
    let transaction = format!(
        "begin;\nselect frontdesk.open_request({}, null);\n{};\ncommit;\n",
        claims(),
        page(FIRST_PAGE)
    );
    Script {
        name: "sequence",
        text: crowd.pick() + &transaction,
    }
}

/// The same, all at once: one round trip.
pub fn pipeline(crowd: Crowd) -> Script {
    let Script { text, .. } = sequence(crowd);
    let (pick, transaction) = text.split_once("begin;").unwrap_or_default();
    // pgbench 15 prepares a script's statements when it meets the first one, which it cannot do inside a pipeline.
    let once = "\\if :prepared = 0\nselect 1;\n\\set prepared 1\n\\endif\n";
    Script {
        name: "pipeline",
        text: format!("{pick}{once}\\startpipeline\nbegin;{transaction}\\endpipeline\n"),
    }
}

/// A page without its tenant: BEGIN, a statement that trusts its caller, COMMIT, in one round trip.
pub fn trusting(crowd: Crowd, statement: &str) -> Script {
    let Script { text, .. } = pipeline(crowd);
    let (start, _) = text.split_once("begin;").unwrap_or_default();
    Script {
        name: "trusting",
        text: format!("{start}begin;\n{};\ncommit;\n\\endpipeline\n", page(statement)),
    }
}

/// A statement alone: what opening a request leaves behind (role and identity) is set for the connection and for many
/// statements, for one person after the other, so that what is measured is the statement and next to nothing else.
pub fn alone(name: &'static str, crowd: Crowd, role: &str, statement: &str) -> Script {
    Script {
        name,
        text: format!(
            "\\if :turn % {STATEMENTS_PER_PERSON} = 0\n{}\
             select set_config('role', '{role}', false), set_config('request.jwt.claims', {}, false), \
             set_config('frontdesk.org_id', '{ORG_PREFIX}' || :org, false), \
             set_config('frontdesk.user_id', '{PERSON_PREFIX}' || :person, false), \
             set_config('frontdesk.org_role', 'parent', false);\n\
             \\endif\n\\set turn :turn + 1\n{};\n",
            crowd.pick(),
            claims(),
            page(statement)
        ),
    }
}

/// How often [`alone`] runs its statement before it turns to somebody else.
const STATEMENTS_PER_PERSON: u32 = 25;

/// What `open_request` leaves in the setting `request.jwt.claims`, for the variables `org` and `person`.
fn claims() -> String {
    format!(
        "'{{\"org_id\":\"' || '{ORG_PREFIX}' || :org || '\",\"sub\":\"' || '{PERSON_PREFIX}' || :person || \
         '\",\"role\":\"authenticated\"}}'"
    )
}

fn page(statement: &str) -> String {
    statement
        .replace("$1", &format!("(select ('{ORG_PREFIX}' || :org)::uuid)"))
        .replace("$2", &format!("(select ('{PERSON_PREFIX}' || :person)::uuid)"))
        .replace("$3", ":limit")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_of_a_statement_is_filled_in() {
        let size = Size {
            organizations: 3,
            people: 20,
            notifications: 50,
        };
        let crowd = Crowd {
            size,
            people: 30,
            step: 2,
        };
        for script in [
            sequence(crowd),
            pipeline(crowd),
            alone("x", crowd, "authenticated", FIRST_PAGE),
        ] {
            assert!(!script.text.contains('$'), "{}", script.text);
            assert!(script.text.contains("limit :limit;"), "{}", script.text);
            assert!(script.text.starts_with("\\"), "{}", script.text);
        }
        assert!(
            pipeline(crowd)
                .text
                .contains("\\startpipeline\nbegin;\nselect frontdesk.open_request")
        );
    }
}
