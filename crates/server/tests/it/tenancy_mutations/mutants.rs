//! The mutations, made from the catalog.

use tokio_postgres::Client;

use crate::tenancy_matrix::{expected::COMMANDS, fixture::Fixture};

/// One change that makes the schema less safe.
pub struct Mutant {
    /// For people, and for the list of equivalent ones.
    pub name: String,
    /// The table or view that it touches.
    pub table: String,
    /// The commands that it could change.
    pub commands: Vec<&'static str>,
    /// What makes it.
    pub sql: String,
}

/// Each policy dropped, opened to everybody, replaced by `true`, and without each part of its expression.
pub async fn policies(client: &Client) -> Vec<Mutant> {
    let rows = client
        .query(
            "select tablename::text, policyname::text, cmd, qual, with_check from pg_policies where schemaname = 'frontdesk'
             order by 1, 2",
            &[],
        )
        .await
        .unwrap();
    let mut mutants = Vec::new();
    for row in rows {
        let (table, policy, command): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let mut add = |what: String, sql: String| {
            mutants.push(Mutant {
                name: format!("{policy}: {what}"),
                table: table.clone(),
                commands: COMMANDS
                    .into_iter()
                    .filter(|known| command == "ALL" || command.eq_ignore_ascii_case(known))
                    .collect(),
                sql,
            });
        };
        add("dropped".into(), format!("drop policy {policy} on frontdesk.{table}"));
        if command == "ALL" {
            add(
                "to public".into(),
                format!("alter policy {policy} on frontdesk.{table} to public"),
            );
        }
        for (clause, expression) in [("using", row.get::<_, Option<String>>(3)), ("with check", row.get(4))] {
            let Some(expression) = expression.filter(|expression| expression != "true") else {
                continue;
            };
            for weaker in std::iter::once("true".to_owned()).chain(variants(&expression)) {
                add(
                    format!("{clause} {weaker}"),
                    format!("alter policy {policy} on frontdesk.{table} {clause} ({weaker})"),
                );
            }
        }
    }
    mutants
}

/// The expression without each of its parts: an AND's, an OR's, a list's.
fn variants(expression: &str) -> Vec<String> {
    let inner = strip(expression);
    for operator in [" AND ", " OR "] {
        let parts = split(inner, operator);
        if parts.len() < 2 {
            continue;
        }
        let mut all = Vec::new();
        for index in 0..parts.len() {
            let mut rest: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
            rest.remove(index);
            all.push(rest.join(operator));
            for variant in variants(parts[index]) {
                let mut changed: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
                changed[index] = format!("({variant})");
                all.push(changed.join(operator));
            }
        }
        return all;
    }
    let Some((before, list)) = inner.split_once("ARRAY[") else {
        return Vec::new();
    };
    let Some((list, after)) = list.split_once(']') else {
        return Vec::new();
    };
    let words: Vec<&str> = list.split(", ").collect();
    (0..words.len())
        .map(|index| {
            let mut rest = words.clone();
            rest.remove(index);
            format!("{before}ARRAY[{}]::text[]{after}", rest.join(", "))
        })
        .collect()
}

/// Without the parentheses around all of it.
fn strip(expression: &str) -> &str {
    let Some(inner) = expression.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) else {
        return expression;
    };
    let mut depth = 0;
    for character in inner.chars() {
        depth += match character {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        if depth < 0 {
            return expression;
        }
    }
    strip(inner)
}

/// Split at an operator outside of parentheses.
fn split<'a>(text: &'a str, operator: &str) -> Vec<&'a str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0, 0);
    for (at, character) in text.char_indices() {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 && text[at..].starts_with(operator) => {
                parts.push(&text[start..at]);
                start = at + operator.len();
            }
            _ => {}
        }
    }
    parts.push(&text[start..]);
    parts
}

/// Row security, the guard of the organization, and grants.
pub fn tables(fixture: &Fixture) -> Vec<Mutant> {
    let mut mutants = Vec::new();
    for (table, relation) in &fixture.relations {
        let mut add = |what: &str, sql: String| {
            mutants.push(Mutant {
                name: format!("{table}: {what}"),
                table: table.clone(),
                commands: COMMANDS.to_vec(),
                sql: sql.replace("TABLE", &format!("frontdesk.{table}")),
            });
        };
        add("all to anon", "grant all on TABLE to anon".into());
        if relation.is_view {
            // (A join cannot be written through, whatever is granted.)
            add(
                "no security barrier",
                "alter view TABLE reset (security_barrier, security_invoker)".into(),
            );
            continue;
        }
        add("all to authenticated", "grant all on TABLE to authenticated".into());
        add(
            "row security not forced",
            "alter table TABLE no force row level security".into(),
        );
        add(
            "row security off",
            "alter table TABLE disable row level security".into(),
        );
        add("truncate", "grant truncate on TABLE to authenticated".into());
        add(
            "truncate to the worker",
            "grant truncate on TABLE to service_role".into(),
        );
        if let Some(column) = relation.org_column() {
            add(
                "no guard of the organization",
                "alter table TABLE disable trigger org_id_immutable".into(),
            );
            for role in ["authenticated", "service_role"] {
                let what = format!("update of the organization to {role}");
                add(&what, format!("grant update ({column}) on TABLE to {role}"));
            }
        }
        for key in relation.foreign_keys.iter().filter(|key| key.columns.len() > 1) {
            add(
                &format!("without {}", key.name),
                format!("alter table TABLE drop constraint {}", key.name),
            );
        }
    }
    mutants
}

/// Each view without each condition of its WHERE.
pub async fn views(client: &Client) -> Vec<Mutant> {
    let rows = client
        .query(
            "select relname::text, pg_get_viewdef(oid), array_to_string(reloptions, ', ') from pg_class
             where relnamespace = 'frontdesk'::regnamespace and relkind = 'v' order by 1",
            &[],
        )
        .await
        .unwrap();
    let mut mutants = Vec::new();
    for row in rows {
        let (view, definition, options): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let Some((before, after)) = definition.split_once("WHERE ") else {
            continue;
        };
        let (condition, order) = after.split_once("\n").unwrap_or((after.trim_end_matches(';'), ""));
        for weaker in std::iter::once("true".to_owned()).chain(variants(condition)) {
            mutants.push(Mutant {
                name: format!("{view}: where {weaker}"),
                table: view.clone(),
                commands: vec!["select"],
                sql: format!(
                    "create or replace view frontdesk.{view} with ({options}) as {before} where {weaker} {order}"
                ),
            });
        }
    }
    mutants
}

/// Functions that open requests or act with their owner's rights: each condition of their bodies replaced by `true`, a loose
/// search_path, and EXECUTE for everybody.
pub async fn functions(client: &Client) -> Vec<Mutant> {
    let rows = client
        .query(
            "select p.proname::text, p.oid::regprocedure::text, pg_get_functiondef(p.oid), p.prosecdef from pg_proc p
             where p.pronamespace = 'frontdesk'::regnamespace and (p.prosecdef or p.proname like 'open\\_request%') order by 1",
            &[],
        )
        .await
        .unwrap();
    let mut mutants = Vec::new();
    for row in rows {
        let (name, signature, definition): (String, String, String) = (row.get(0), row.get(1), row.get(2));
        let mut add = |what: String, sql: String| {
            mutants.push(Mutant {
                name: format!("{name}: {what}"),
                table: String::new(),
                commands: Vec::new(),
                sql,
            });
        };
        add(
            "public may run it".into(),
            format!("grant execute on function {signature} to public"),
        );
        if row.get(3) {
            add(
                "loose search_path".into(),
                format!("alter function {signature} reset search_path"),
            );
        }
        let mut found = Vec::new();
        for (at, condition) in conditions(&definition) {
            let mutated = format!("{}true{}", &definition[..at], &definition[at + condition.len()..]);
            // The same condition may stand in a function several times.
            let before = found.iter().filter(|known| **known == condition).count();
            found.push(condition);
            let number = if before == 0 {
                String::new()
            } else {
                format!(" (no. {})", before + 1)
            };
            add(format!("{condition}{number}"), mutated);
        }
    }
    mutants
}

/// Where each condition of a function's body stands: what follows `where` or `and`, up to the next `and` or the clause's end.
fn conditions(definition: &str) -> Vec<(usize, &str)> {
    let body = definition.find("AS $").unwrap_or_default();
    let mut found = Vec::new();
    for word in ["where ", "and "] {
        for (at, _) in definition.match_indices(word) {
            let starts_a_word = definition[..at].ends_with([' ', '\n']);
            let comment = definition[..at]
                .rfind('\n')
                .is_some_and(|line| definition[line..at].contains("--"));
            if at < body || !starts_a_word || comment {
                continue;
            }
            let start = at + word.len();
            found.push((start, condition(&definition[start..])));
        }
    }
    found.sort_unstable();
    found
}

fn condition(text: &str) -> &str {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        depth += match character {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        let rest = &text[at..];
        let ends = [" and ", "\n", ";", " for update", " then", " or ", " returning"]
            .iter()
            .any(|end| rest.starts_with(end));
        // A CASE is one condition, whatever stands between its words.
        let in_case = text.starts_with("case ") && !text[..at].ends_with(" end");
        if depth < 0 || (depth == 0 && ends && !in_case) {
            return &text[..at];
        }
    }
    text
}
