//! All SQL about organizations, profiles and service keys.

use platform::{
    auth::ServiceKey,
    db::{Caller, Db, DbError, SystemTx, TenantTx},
};
use tokio_postgres::Row;
use uuid::Uuid;

use super::model::{Kind, Me, Organization, OrganizationRef, Profile};

const ORGANIZATION: &str = "select id, name, slug, kind, timezone, locale from frontdesk.organizations";

fn organization(row: &Row) -> Organization {
    Organization {
        id: row.get(0),
        name: row.get(1),
        slug: row.get(2),
        kind: match row.get(3) {
            "school" => Kind::School,
            "clinic" => Kind::Clinic,
            _ => Kind::Other,
        },
        timezone: row.get(4),
        locale: row.get(5),
    }
}

/// Columns that [`profile`] reads, in its order.
pub const PROFILE_COLUMNS: &str = "p.id, p.role, p.status, p.name, p.email, p.phone";

/// A profile from [`PROFILE_COLUMNS`].
#[must_use]
pub fn profile(row: &Row) -> Profile {
    Profile {
        id: row.get(0),
        role: row.get(1),
        status: row.get(2),
        name: row.get(3),
        email: row.get(4),
        phone: row.get(5),
    }
}

/// Who the caller is.
///
/// # Errors
/// Of the database.
pub async fn me(tx: &TenantTx, caller: &Caller) -> Result<Me, DbError> {
    let row = tx
        .query_one(&format!("{ORGANIZATION} where id = $1"), &[&caller.org_id()])
        .await?;
    let person = match caller.user_id() {
        Some(id) => {
            let sql = format!("select {PROFILE_COLUMNS} from frontdesk.profiles p where p.org_id = $1 and p.id = $2");
            tx.query_opt(&sql, &[&caller.org_id(), &id])
                .await?
                .as_ref()
                .map(profile)
        }
        None => None,
    };
    Ok(Me {
        organization: organization(&row),
        profile: person,
    })
}

/// The organization that a person on a command line means: by id, slug or exact name.
///
/// # Errors
/// A sentence that lists what there is, when none or several fit.
pub async fn find(db: &Db, reference: &OrganizationRef) -> Result<Organization, anyhow::Error> {
    let text = &reference.0;
    let id = Uuid::parse_str(text).ok();
    let rows = db
        .system_query(
            "find organization",
            &format!("{ORGANIZATION} where id = $1 or slug = $2 or name = $2 order by slug"),
            &[&id, text],
        )
        .await?;
    match rows.as_slice() {
        [row] => Ok(organization(row)),
        [] => {
            let known = db
                .system_query(
                    "list organizations",
                    "select slug from frontdesk.organizations order by slug limit 20",
                    &[],
                )
                .await?;
            let known: Vec<&str> = known.iter().map(|row| row.get(0)).collect();
            anyhow::bail!(
                "there is no organization {text:?}; known: {}. Make one with `frontdesk org create`",
                if known.is_empty() {
                    "none yet".to_owned()
                } else {
                    known.join(", ")
                }
            )
        }
        _ => anyhow::bail!("several organizations are called {text:?}: name one by its slug or id"),
    }
}

/// Makes an organization, or answers the one that has this slug already.
///
/// # Errors
/// Of the database; a constraint names the field that does not fit.
pub async fn create(
    tx: &SystemTx,
    id: Uuid,
    name: &str,
    slug: &str,
    kind: Kind,
    timezone: &str,
) -> Result<Organization, DbError> {
    tx.execute(
        "insert into frontdesk.organizations (id, name, slug, kind, timezone) values ($1, $2, $3, $4, $5)
         on conflict (slug) do nothing",
        &[&id, &name, &slug, &kind.as_str(), &timezone],
    )
    .await?;
    let row = tx
        .query_one(&format!("{ORGANIZATION} where slug = $1"), &[&slug])
        .await?;
    Ok(organization(&row))
}

/// Stores a new service key: its hash only.
///
/// # Errors
/// Of the database.
pub async fn add_service_key(tx: &SystemTx, key: &ServiceKey, name: &str) -> Result<(), DbError> {
    tx.execute(
        "insert into frontdesk.service_keys (org_id, id, name, secret_hash) values ($1, $2, $3, $4)",
        &[&key.org_id, &key.key_id, &name, &key.secret_hash().as_slice()],
    )
    .await?;
    Ok(())
}

/// Ends a service key; answers whether there was one alive.
///
/// # Errors
/// Of the database.
pub async fn revoke_service_key(tx: &SystemTx, org_id: Uuid, key_id: Uuid) -> Result<bool, DbError> {
    let count = tx
        .execute(
            "update frontdesk.service_keys set revoked_at = now() where org_id = $1 and id = $2 and revoked_at is null",
            &[&org_id, &key_id],
        )
        .await?;
    Ok(count == 1)
}

/// Active people of an organization whose id, email or exact name is `text`.
///
/// # Errors
/// Of the database.
pub async fn find_people(db: &Db, org_id: Uuid, text: &str) -> Result<Vec<Profile>, DbError> {
    let rows = db
        .system_query(
            "find person",
            &format!(
                "select {PROFILE_COLUMNS} from frontdesk.profiles p
                 where p.org_id = $1 and p.status = 'active' and (p.id = $2 or p.email = lower($3) or p.name = $3)
                 order by p.role, p.id limit 20"
            ),
            &[&org_id, &Uuid::parse_str(text).ok(), &text],
        )
        .await?;
    Ok(rows.iter().map(profile).collect())
}

/// Makes an organization's first admin.
///
/// # Errors
/// Of the database; a constraint says when the address is none.
pub async fn add_admin(tx: &SystemTx, org_id: Uuid, id: Uuid, email: &str) -> Result<Uuid, DbError> {
    tx.execute(
        "insert into frontdesk.profiles (org_id, id, role, name, email) values ($1, $2, 'admin', $3, lower($3))",
        &[&org_id, &id, &email.trim()],
    )
    .await?;
    Ok(id)
}

/// All organizations, by slug.
///
/// # Errors
/// Of the database.
pub async fn list(db: &Db) -> Result<Vec<Organization>, DbError> {
    let rows = db
        .system_query("list organizations", &format!("{ORGANIZATION} order by slug"), &[])
        .await?;
    Ok(rows.iter().map(organization).collect())
}

/// Notes what an identity provider calls an organization (or a person of it); answers false when that id is taken by
/// another. Noting the same again changes nothing.
///
/// # Errors
/// Of the database; a constraint says when an id is too long.
pub async fn map_identity(
    tx: &SystemTx,
    org_id: Uuid,
    profile_id: Option<Uuid>,
    issuer: &str,
    external_id: &str,
) -> Result<bool, DbError> {
    let row = if let Some(profile_id) = profile_id {
        tx.execute(
            "insert into frontdesk.profile_identities (org_id, issuer, external_id, profile_id) values ($1, $2, $3, $4)
             on conflict do nothing",
            &[&org_id, &issuer, &external_id, &profile_id],
        )
        .await?;
        tx.query_one(
            "select profile_id = $4 from frontdesk.profile_identities
             where org_id = $1 and issuer = $2 and external_id = $3",
            &[&org_id, &issuer, &external_id, &profile_id],
        )
        .await?
    } else {
        tx.execute(
            "insert into frontdesk.organization_identities (org_id, issuer, external_id) values ($1, $2, $3)
             on conflict do nothing",
            &[&org_id, &issuer, &external_id],
        )
        .await?;
        tx.query_one(
            "select exists (select from frontdesk.organization_identities
               where org_id = $1 and issuer = $2 and external_id = $3)",
            &[&org_id, &issuer, &external_id],
        )
        .await?
    };
    Ok(row.get(0))
}
