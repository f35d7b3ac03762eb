//! What the catalog says about the schema: tables, columns, keys. The fixture and the attempts are made from it, so that a
//! new table is in the suite by itself.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::Client;

/// A column.
#[derive(Debug)]
pub struct Column {
    pub name: String,
    pub sql_type: String,
    pub required: bool,
    /// Definitions of the CHECK constraints that mention it.
    pub checks: Vec<String>,
    /// May `authenticated` update it?
    pub updatable: bool,
    /// Is it part of a key, a unique index or a foreign key?
    pub keyed: bool,
}

/// A foreign key.
#[derive(Clone, Debug)]
pub struct ForeignKey {
    pub name: String,
    pub table: String,
    pub columns: Vec<String>,
    pub parent: String,
    pub parent_columns: Vec<String>,
    pub cascades: bool,
}

/// A table or view.
#[derive(Debug)]
pub struct Relation {
    pub name: String,
    pub is_view: bool,
    pub columns: Vec<Column>,
    pub primary_key: Vec<String>,
    pub foreign_keys: Vec<ForeignKey>,
}

impl Relation {
    /// The column that names the organization; none for the runner's bookkeeping.
    pub fn org_column(&self) -> Option<&'static str> {
        match self.name.as_str() {
            "organizations" => Some("id"),
            _ if self.columns.iter().any(|column| column.name == "org_id") => Some("org_id"),
            _ => None,
        }
    }

    /// The column to try an update on: one that `authenticated` may update, in no key.
    pub fn update_column(&self) -> &Column {
        let free = |column: &&Column| !column.keyed && Some(column.name.as_str()) != self.org_column();
        self.columns
            .iter()
            .find(|column| column.updatable && free(column))
            .or_else(|| self.columns.iter().find(|column| column.updatable))
            .or_else(|| self.columns.iter().find(free))
            .unwrap_or_else(|| panic!("{} has no column to update", self.name))
    }
}

const COLUMNS: &str = "
select c.relname::text, c.relkind in ('v', 'm'), a.attname::text, format_type(a.atttypid, null),
  a.attnotnull and not a.atthasdef,
  coalesce((select array_agg(pg_get_constraintdef(k.oid) order by k.conname) from pg_constraint k
    where k.conrelid = c.oid and k.contype = 'c' and a.attnum = any (k.conkey)), '{}'),
  has_column_privilege('authenticated', c.oid, a.attnum, 'update'),
  exists (select from pg_index i where i.indrelid = c.oid and i.indisunique and a.attnum = any (i.indkey::int2[]))
    or exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'f' and a.attnum = any (k.conkey))
from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
where c.relnamespace = 'frontdesk'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
order by c.relname, a.attnum";

const KEYS: &str = "
select c.relname::text, array(select a.attname::text from unnest(i.indkey::int2[]) with ordinality k (num, place)
  join pg_attribute a on a.attrelid = c.oid and a.attnum = k.num order by k.place)
from pg_class c join pg_index i on i.indrelid = c.oid and i.indisprimary
where c.relnamespace = 'frontdesk'::regnamespace";

const FOREIGN_KEYS: &str = "
select k.conname::text, c.relname::text, p.relname::text,
  array(select a.attname::text from unnest(k.conkey) with ordinality n (num, place)
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = n.num order by n.place),
  array(select a.attname::text from unnest(k.confkey) with ordinality n (num, place)
    join pg_attribute a on a.attrelid = k.confrelid and a.attnum = n.num order by n.place),
  k.confdeltype = 'c'
from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
where k.contype = 'f' and k.connamespace = 'frontdesk'::regnamespace and not c.relispartition order by 2, 1";

/// All tables and views of the schema, by name.
pub async fn load(client: &Client) -> BTreeMap<String, Relation> {
    let mut relations: BTreeMap<String, Relation> = BTreeMap::new();
    for row in client.query(COLUMNS, &[]).await.expect("the columns") {
        let name: String = row.get(0);
        let relation = relations.entry(name.clone()).or_insert_with(|| Relation {
            name,
            is_view: row.get(1),
            columns: Vec::new(),
            primary_key: Vec::new(),
            foreign_keys: Vec::new(),
        });
        relation.columns.push(Column {
            name: row.get(2),
            sql_type: row.get(3),
            required: row.get(4),
            checks: row.get(5),
            updatable: row.get(6),
            keyed: row.get(7),
        });
    }
    for row in client.query(KEYS, &[]).await.expect("the keys") {
        if let Some(relation) = relations.get_mut(row.get::<_, &str>(0)) {
            relation.primary_key = row.get(1);
        }
    }
    for row in client.query(FOREIGN_KEYS, &[]).await.expect("the foreign keys") {
        let table: String = row.get(1);
        if let Some(relation) = relations.get_mut(&table) {
            relation.foreign_keys.push(ForeignKey {
                name: row.get(0),
                table,
                parent: row.get(2),
                columns: row.get(3),
                parent_columns: row.get(4),
                cascades: row.get(5),
            });
        }
    }
    relations
}

/// SQL that drops the foreign keys which stop rows of this table from being deleted.
pub fn unblock(relations: &BTreeMap<String, Relation>, table: &str) -> String {
    let all = relations.values().flat_map(|relation| &relation.foreign_keys);
    all.filter(|key| key.parent == table && !key.cascades)
        .map(|key| format!("alter table frontdesk.{} drop constraint {};", key.table, key.name))
        .collect()
}

/// The names of all tables and views.
pub fn names(relations: &BTreeMap<String, Relation>) -> BTreeSet<&str> {
    relations.keys().map(String::as_str).collect()
}
