//! Makes rows of any table from the catalog alone: parents first, required columns filled in by their types and checks.

use std::collections::{BTreeMap, HashSet};

use platform::ids;

use super::catalog::{Column, Relation};

/// A row: SQL expressions by column.
pub type Values = BTreeMap<String, String>;

/// Values that a type and its checks do not suggest: (table, column, SQL). Add here what a new table needs.
const VALUES: &[(&str, &str, &str)] = &[
    ("delivery_lanes", "priority", "(1000 * random())::smallint"),
    ("notifications", "audience", "'{\"all\": true}'::jsonb"),
    // One that neither organization has yet.
    (
        "notification_policies",
        "category",
        "(select c from unnest(array['announcement', 'emergency', 'reminder', 'system']) c where not exists \
         (select from frontdesk.notification_policies p where p.category = c) order by c limit 1)",
    ),
    ("signing_keys", "inner_key", "sha256('a') || sha256('b')"),
    ("signing_keys", "outer_key", "sha256('c') || sha256('d')"),
    ("templates", "key", "'k' || translate(gen_random_uuid()::text, '-', '')"),
    ("idempotent_requests", "operation", "'createNotification'"),
    // Web Push has keys, which only that kind may have.
    ("push_subscriptions", "kind", "'fcm'"),
];

/// Writes the script of inserts that makes rows and everything they point to.
pub struct Maker<'a> {
    relations: &'a BTreeMap<String, Relation>,
    made: HashSet<String>,
    number: u32,
    /// The inserts so far.
    pub script: String,
}

impl<'a> Maker<'a> {
    pub fn new(relations: &'a BTreeMap<String, Relation>) -> Self {
        Self {
            relations,
            made: HashSet::new(),
            number: 0,
            script: String::new(),
        }
    }

    /// Makes a row with these values, unless one with their key was made already.
    pub fn row(&mut self, table: &str, given: Values) -> Values {
        if self.key(table, &given).is_some_and(|key| self.made.contains(&key)) {
            return given;
        }
        let values = self.candidate(table, given);
        self.script += &insert(table, &values);
        self.made.extend(self.key(table, &values));
        values
    }

    /// The values of a row whose parents are made, but which is not.
    pub fn candidate(&mut self, table: &str, given: Values) -> Values {
        let relation = &self.relations[table];
        let mut values = given;
        for key in &relation.foreign_keys {
            let named = || key.columns.iter().zip(&key.parent_columns);
            let parent: Values = named()
                .filter_map(|(column, parent)| Some((parent.clone(), values.get(column)?.clone())))
                .collect();
            // The organization stands already, and what is null on purpose points nowhere.
            if key.parent == "organizations" || parent.values().any(|value| value == "null") {
                continue;
            }
            let parent = self.row(&key.parent, parent);
            for (column, parent_column) in named() {
                values
                    .entry(column.clone())
                    .or_insert_with(|| parent[parent_column].clone());
            }
        }
        for column in relation.columns.iter().filter(|column| column.required) {
            if !values.contains_key(&column.name) {
                values.insert(column.name.clone(), self.value(table, column));
            }
        }
        values
    }

    /// Something that fits a column.
    pub fn value(&mut self, table: &str, column: &Column) -> String {
        self.number += 1;
        let fixed = VALUES
            .iter()
            .find(|(of, name, _)| (*of, *name) == (table, &column.name));
        if let Some((_, _, value)) = fixed {
            return (*value).to_owned();
        }
        let is_list = column.sql_type.ends_with("[]");
        if let Some(first) = column.checks.iter().find_map(|check| first_allowed(check)) {
            return if is_list { format!("array[{first}]") } else { first };
        }
        match column.sql_type.as_str() {
            "uuid" => format!("'{}'::uuid", ids::new_id()),
            "text" => format!("'x{}'", self.number),
            "bytea" => format!("sha256('x{}'::bytea)", self.number),
            "timestamp with time zone" => "now() + interval '1 day'".to_owned(),
            "date" => "current_date".to_owned(),
            "jsonb" => "'{}'::jsonb".to_owned(),
            "inet" => "'127.0.0.1'::inet".to_owned(),
            "interval" => "interval '1 hour'".to_owned(),
            "boolean" => "false".to_owned(),
            "smallint" | "integer" | "bigint" | "numeric" => "1".to_owned(),
            _ if is_list => format!("'{{}}'::{}", column.sql_type),
            other => panic!(
                "the fixture knows no value for frontdesk.{table}.{} ({other}): add one to VALUES in tests/it/tenancy_matrix/rows.rs",
                column.name
            ),
        }
    }

    fn key(&self, table: &str, values: &Values) -> Option<String> {
        let key = &self.relations[table].primary_key;
        let parts: Option<Vec<&str>> = key
            .iter()
            .map(|column| values.get(column).map(String::as_str))
            .collect();
        parts.map(|parts| format!("{table}:{}", parts.join(",")))
    }
}

/// The first word of a check's list of words.
fn first_allowed(check: &str) -> Option<String> {
    let (_, list) = check.split_once("ARRAY[")?;
    let end = list.find([',', ']'])?;
    Some(list[..end].to_owned())
}

/// The statement that inserts a row.
pub fn insert(table: &str, values: &Values) -> String {
    let columns: Vec<&str> = values.keys().map(String::as_str).collect();
    let expressions: Vec<&str> = values.values().map(String::as_str).collect();
    format!(
        "insert into frontdesk.{table} ({}) values ({});\n",
        columns.join(", "),
        expressions.join(", ")
    )
}
