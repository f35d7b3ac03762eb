//! Tenants are kept apart: every table × every command × every way to come, executed in SQL and compared with
//! `tenancy_matrix/expected.txt`. Tables, columns and keys come from the catalog, so a new table is in the suite by itself
//! and fails it until its entry is written. `tenancy_mutations` shows that the suite notices when a policy is gone.

pub mod attempts;
pub mod catalog;
pub mod expected;
pub mod fixture;
pub mod functions;
pub mod guards;
pub mod rows;
pub mod scenes;
pub mod situations;

use expected::{COMMANDS, Reach};
use fixture::Fixture;

fn assert_none(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} mismatches:\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn every_table_answers_every_command_in_every_situation_as_the_checked_in_table_says() {
    let fixture = Fixture::new().await;
    fixture.client.batch_execute("begin").await.unwrap();
    let (mut wrong, mut attempts) = (Vec::new(), 0);
    for table in fixture.relations.keys() {
        let (found, tried) = attempts::check(&fixture, table, &COMMANDS, fixture.situations.iter()).await;
        wrong.extend(found);
        attempts += tried;
    }
    println!(
        "{} tables and views, {} situations, {attempts} attempts",
        fixture.relations.len(),
        fixture.situations.len()
    );
    assert_none(&wrong);
}

#[tokio::test]
async fn the_organization_of_a_row_is_immutable_keys_stay_inside_it_and_nobody_truncates() {
    let fixture = Fixture::new().await;
    fixture.client.batch_execute("begin").await.unwrap();
    let mut wrong = Vec::new();
    for table in fixture.relations.keys() {
        wrong.extend(guards::check(&fixture, table).await);
    }
    assert_none(&wrong);
}

#[tokio::test]
async fn functions_that_requests_may_call_know_no_other_organization() {
    let fixture = Fixture::new().await;
    fixture.client.batch_execute("begin").await.unwrap();
    let mut wrong = functions::check(&fixture, None).await;
    wrong.extend(scenes::check(&fixture, None).await);
    assert_none(&wrong);
}

#[tokio::test]
async fn the_fixture_has_rows_of_both_organizations_and_of_each_person_in_every_table() {
    let fixture = Fixture::new().await;
    let mut wrong = Vec::new();
    for (table, entry) in &fixture.entries {
        if fixture.relations[table].org_column().is_none() {
            continue;
        }
        for org in [fixture.home, fixture.other] {
            let rows = fixture.rows(table, Some(org), None);
            if rows == 0 {
                wrong.push(format!("{table} has no row in one of the organizations"));
            }
            for person in entry.own.first().map_or(&[][..], |_| &fixture.people) {
                let own = fixture.rows(table, Some(org), Some(*person));
                if own == 0 || own == rows {
                    wrong.push(format!(
                        "{table}: {own} of {rows} rows are about a person; `own` would prove nothing"
                    ));
                }
            }
        }
        let shown = entry.reach["select"].iter().any(|reach| *reach != Reach::Refused);
        assert!(shown, "{table}: nobody may read it?");
    }
    assert_none(&wrong);
}

#[tokio::test]
async fn a_partition_is_reached_through_its_parent_only() {
    let fixture = Fixture::new().await;
    let rows = fixture
        .client
        .query(
            "select c.relname::text || ' ' || r.rolname from pg_class c cross join pg_roles r
             where c.relnamespace = 'frontdesk'::regnamespace and c.relispartition
               and r.rolname in ('anon', 'authenticated', 'service_role', 'frontdesk_api', 'frontdesk_worker')
               and has_table_privilege(r.oid, c.oid, 'select, insert, update, delete, truncate')",
            &[],
        )
        .await
        .unwrap();
    let open: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    assert_none(&open);
}
