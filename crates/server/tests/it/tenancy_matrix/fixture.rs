//! Two organizations with rows in every table, made from the catalog.
//!
//! The same five people belong to both, with another role in each, so that whatever looks at the person and forgets the
//! organization shows rows that it must not. Each person has rows about themselves in every table that is about people.

use std::collections::{BTreeMap, HashMap};

use platform::ids;
use tokio_postgres::Client;
use uuid::Uuid;

use super::{
    catalog::{self, Relation},
    expected::{self, Entry},
    rows::{Maker, Values},
    situations::{self, Situation},
};
use crate::support::{TestDb, database::unique_name};

/// The roles of the five people at home.
pub const ROLES: [&str; 5] = ["admin", "staff", "teacher", "parent", "student"];

/// Whom a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum About {
    /// One of the five.
    Person(usize),
    /// Nobody: null.
    Nobody,
    /// Somebody else.
    Stranger,
}

/// How many rows a table has for an organization and the people its own-columns name.
#[derive(Debug)]
pub struct Count {
    pub org: Option<Uuid>,
    pub people: Vec<Option<Uuid>>,
    pub rows: i64,
}

/// Two organizations, and everything that the attempts need to know about them.
pub struct Fixture {
    pub client: Client,
    pub relations: BTreeMap<String, Relation>,
    pub entries: BTreeMap<String, Entry>,
    pub home: Uuid,
    pub other: Uuid,
    pub people: Vec<Uuid>,
    pub counts: HashMap<String, Vec<Count>>,
    pub candidates: HashMap<(String, Uuid, About), Values>,
    /// A value for the column that updates are tried on.
    pub update_values: HashMap<String, String>,
    pub situations: Vec<Situation>,
    /// What the rows outside an organization look like, by organization.
    pub digests: HashMap<Uuid, String>,
    /// The rows that were made.
    pub leaves: Leaves,
    /// A message to the parent that is not in their inbox.
    pub quiet: Uuid,
    /// Websocket deliveries that are open, by organization and person.
    pub websocket: HashMap<(Uuid, usize), Uuid>,
    /// Deliveries of the same messages by email.
    pub mails: HashMap<(Uuid, usize), Uuid>,
    /// Sessions at home that have ended.
    pub ended_sessions: HashMap<usize, Uuid>,
}

impl Fixture {
    /// Makes it, in a database of its own.
    pub async fn new() -> Self {
        let db = TestDb::new().await;
        let client = db.superuser().await;
        let relations = catalog::load(&client).await;
        let entries = expected::entries();
        demand_entries(&relations, &entries);
        let (home, other) = (ids::new_id(), ids::new_id());
        let people: Vec<Uuid> = ROLES.iter().map(|_| ids::new_id()).collect();

        let mut maker = Maker::new(&relations);
        for (org, shift) in [(home, 0), (other, 3)] {
            maker.row("organizations", one("id", org));
            for (index, person) in people.iter().enumerate() {
                let mut profile = one("org_id", org);
                profile.extend(one("id", *person));
                profile.insert("role".into(), format!("'{}'", ROLES[(index + shift) % 5]));
                maker.row("profiles", profile);
            }
        }
        let leaves = make_leaves(&mut maker, &relations, &entries, [home, other], &people);
        let candidates = make_candidates(&mut maker, &relations, &entries, [home, other], &people);
        let update_values = relations
            .values()
            .map(|relation| {
                (
                    relation.name.clone(),
                    maker.value(&relation.name, relation.update_column()),
                )
            })
            .collect();
        let login = unique_name("postgrest");
        let (situations, extra) = situations::all(&login, [home, other], &people, &leaves);
        let script = format!(
            "{}\n{extra}\ncreate role {login} login noinherit; grant anon, authenticated, service_role to {login};",
            maker.script
        );
        if let Err(error) = client.batch_execute(&script).await {
            let message = error.as_db_error().map(ToString::to_string).unwrap_or_default();
            panic!(
                "the fixture cannot make its rows: {message}. If a column of a new table needs a certain value, add it to \
                 VALUES in tests/it/tenancy_matrix/rows.rs"
            );
        }
        let mut fixture = Self {
            client,
            relations,
            entries,
            home,
            other,
            people,
            counts: HashMap::new(),
            candidates,
            update_values,
            situations,
            digests: HashMap::new(),
            leaves,
            quiet: Uuid::nil(),
            websocket: HashMap::new(),
            mails: HashMap::new(),
            ended_sessions: HashMap::new(),
        };
        fixture.find().await;
        fixture.count().await;
        for org in [home, other] {
            let digest = fixture.digest(org).await;
            fixture.digests.insert(org, digest);
        }
        fixture
    }

    /// Makes some deliveries open and finds them.
    async fn find(&mut self) {
        let sql = "update frontdesk.notification_logs set channel = 'websocket', status = 'sent' \
                   returning org_id, recipient_id, id";
        self.websocket = self.by_person(sql).await;
        let sql = "insert into frontdesk.notification_logs (org_id, id, notification_id, recipient_id, channel, status) \
                   select org_id, gen_random_uuid(), notification_id, recipient_id, 'email', 'sent' \
                   from frontdesk.notification_logs returning org_id, recipient_id, id";
        self.mails = self.by_person(sql).await;
        let sql = "select org_id, user_id, id from frontdesk.user_sessions where provider_session_id = 'old'";
        let ended = self.by_person(sql).await;
        self.ended_sessions = ended.into_iter().map(|((_, person), id)| (person, id)).collect();
        let sql = "select notification_id from frontdesk.notification_recipients where not in_app";
        self.quiet = self
            .client
            .query_one(sql, &[])
            .await
            .expect("one that is in no inbox")
            .get(0);
    }

    /// Ids of rows by organization and place of the person: the SQL answers organization, person and id.
    async fn by_person(&self, sql: &str) -> HashMap<(Uuid, usize), Uuid> {
        let mut found = HashMap::new();
        for row in self.client.query(sql, &[]).await.expect("rows") {
            let person: Uuid = row.get(1);
            if let Some(index) = self.people.iter().position(|known| *known == person) {
                found.insert((row.get(0), index), row.get(2));
            }
        }
        found
    }

    async fn count(&mut self) {
        for (table, relation) in &self.relations {
            let entry = &self.entries[table];
            let org = relation.org_column().unwrap_or("null::uuid");
            let own: String = entry.own.iter().map(|column| format!("{column}, ")).collect();
            let from = entry.base.as_deref().unwrap_or(table);
            let groups = (1..=entry.own.len() + 1)
                .map(|n| n.to_string())
                .collect::<Vec<_>>()
                .join(", ");
            let sql = format!("select {org}, {own} count(*) from frontdesk.{from} group by {groups}");
            let counts: Vec<Count> = self
                .client
                .query(&sql, &[])
                .await
                .unwrap_or_else(|error| panic!("{sql}: {error:?}"))
                .iter()
                .map(|row| Count {
                    org: row.get(0),
                    people: (1..=entry.own.len()).map(|index| row.get(index)).collect(),
                    rows: row.get(entry.own.len() + 1),
                })
                .collect();
            self.counts.insert(table.clone(), counts);
        }
    }

    /// Rows of a table: of all organizations, of one, of a person in one.
    pub fn rows(&self, table: &str, org: Option<Uuid>, person: Option<Uuid>) -> i64 {
        let fits = |count: &&Count| {
            (org.is_none() || count.org == org) && (person.is_none() || count.people.contains(&person))
        };
        self.counts[table].iter().filter(fits).map(|count| count.rows).sum()
    }

    /// A fingerprint of every row that is not an organization's, down to its place in the table: an update that changes
    /// nothing changes it too.
    pub fn digest_sql(&self, org: Uuid) -> String {
        let tables: Vec<String> = self
            .relations
            .values()
            .filter(|relation| !relation.is_view)
            .map(|relation| {
                let outside = relation
                    .org_column()
                    .map_or("true".to_owned(), |column| format!("t.{column} <> '{org}'"));
                format!(
                    "select '{0}' as name, count(*) as rows, md5(string_agg(t.ctid::text || t::text, ',' order by t.ctid)) as hash \
                     from frontdesk.{0} t where {outside}",
                    relation.name
                )
            })
            .collect();
        format!(
            "select string_agg(d::text, ';' order by d.name) from ({}) d",
            tables.join(" union all ")
        )
    }

    async fn digest(&self, org: Uuid) -> String {
        self.client
            .query_one(&self.digest_sql(org), &[])
            .await
            .expect("a digest")
            .get(0)
    }
}

/// `column = org or person` as values.
pub fn one(column: &str, id: Uuid) -> Values {
    Values::from([(column.to_owned(), format!("'{id}'::uuid"))])
}

fn demand_entries(relations: &BTreeMap<String, Relation>, entries: &BTreeMap<String, Entry>) {
    for table in catalog::names(relations) {
        assert!(
            entries.contains_key(table),
            "frontdesk.{table} has no entry in the cross-tenant suite: say in tests/it/tenancy_matrix/expected.txt what it lets \
             whom do, for each command"
        );
    }
    for table in entries.keys() {
        assert!(
            relations.contains_key(table),
            "expected.txt has an entry for {table}, which the schema does not have"
        );
    }
}

/// Rows that the fixture made, by table, organization and person.
pub type Leaves = HashMap<(String, Uuid, About), Values>;

/// One row of each table about each person (or one at all), in both organizations.
fn make_leaves(
    maker: &mut Maker<'_>,
    relations: &BTreeMap<String, Relation>,
    entries: &BTreeMap<String, Entry>,
    orgs: [Uuid; 2],
    people: &[Uuid],
) -> Leaves {
    let mut leaves = Leaves::new();
    for (table, relation) in relations {
        let Some(org_column) = relation.org_column().filter(|_| !relation.is_view) else {
            continue;
        };
        if table == "organizations" {
            continue;
        }
        for org in orgs {
            if entries[table].own.is_empty() {
                let values = maker.row(table, one(org_column, org));
                leaves.insert((table.clone(), org, About::Stranger), values);
            }
            for column in &entries[table].own {
                for (index, person) in people.iter().enumerate() {
                    let mut given = one(org_column, org);
                    given.extend(one(column, *person));
                    let values = maker.row(table, given);
                    leaves.insert((table.clone(), org, About::Person(index)), values);
                }
            }
        }
    }
    leaves
}

/// Rows to be inserted by the attempts; only their parents are made.
fn make_candidates(
    maker: &mut Maker<'_>,
    relations: &BTreeMap<String, Relation>,
    entries: &BTreeMap<String, Entry>,
    orgs: [Uuid; 2],
    people: &[Uuid],
) -> Leaves {
    let mut candidates = Leaves::new();
    for (table, relation) in relations {
        for org in orgs {
            let home = match relation.org_column() {
                // Another organization beside the two.
                Some("id") => one("id", ids::new_id()),
                Some(column) => one(column, org),
                None => Values::new(),
            };
            let mut add = |about: About, own: Option<String>| {
                let mut given = home.clone();
                if let (Some(column), Some(value)) = (entries[table].own.first(), own) {
                    given.insert(column.clone(), value);
                }
                let values = if relation.is_view {
                    given
                } else {
                    maker.candidate(table, given)
                };
                candidates.insert((table.clone(), org, about), values);
            };
            let pointed = |column: &String| relation.foreign_keys.iter().any(|key| key.columns.contains(column));
            let somebody = entries[table].own.first().filter(|column| !pointed(column));
            add(About::Stranger, somebody.map(|_| format!("'{}'::uuid", ids::new_id())));
            if entries[table].own.is_empty() {
                continue;
            }
            add(About::Nobody, Some("null".into()));
            for (index, person) in people.iter().enumerate() {
                add(About::Person(index), Some(format!("'{person}'::uuid")));
            }
        }
    }
    candidates
}
