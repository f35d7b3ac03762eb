//! Organizations and people for tests.

use platform::{
    db::{Caller, Person},
    ids,
};
use uuid::Uuid;

use super::TestDb;

/// An organization of the test's own.
pub async fn organization(db: &TestDb, slug: &str) -> Uuid {
    let id = ids::new_id();
    let client = db.superuser().await;
    client
        .execute(
            "insert into frontdesk.organizations (id, name, slug, kind) values ($1, 'Org ' || $2::text, $2, 'school')",
            &[&id, &slug],
        )
        .await
        .expect("an organization");
    id
}

/// Somebody in it, with a mail address made of name and role.
pub async fn person(db: &TestDb, org_id: Uuid, role: &str, name: &str) -> Uuid {
    let id = ids::new_id();
    let email = format!("{}.{role}@example.test", name.to_lowercase().replace(' ', "."));
    let client = db.superuser().await;
    client
        .execute(
            "insert into frontdesk.profiles (org_id, id, role, name, email) values ($1, $2, $3, $4, $5)",
            &[&org_id, &id, &role, &name, &email],
        )
        .await
        .expect("a person");
    id
}

/// Many people of one role at once; their ids.
pub async fn crowd(db: &TestDb, org_id: Uuid, role: &str, count: i32) -> Vec<Uuid> {
    let client = db.superuser().await;
    let rows = client
        .query(
            "insert into frontdesk.profiles (org_id, id, role, name, email)
             select $1, gen_random_uuid(), $2, $2 || ' ' || i, $2 || i || '@example.test' from generate_series(1, $3) i
             returning id",
            &[&org_id, &role, &count],
        )
        .await
        .expect("a crowd");
    rows.iter().map(|row| row.get(0)).collect()
}

/// As whom to open a transaction.
pub fn caller(org_id: Uuid, user_id: Uuid) -> Caller {
    Caller::Person(Person::new(org_id, user_id))
}
