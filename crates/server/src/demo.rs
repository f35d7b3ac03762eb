//! The demo school and the demo clinic of `frontdesk up`: small, made up, and loaded the way real data is.

use std::path::Path;

use jiff::tz::TimeZone;
use platform::{
    clock::Clock,
    db::{Db, SystemTx},
    ids,
};
use rust_embed::RustEmbed;
use uuid::Uuid;

use crate::{
    directory::import,
    organizations::{Kind, Organization, store},
};

/// A school in Clever's CSV format.
#[derive(RustEmbed)]
#[folder = "demo/school"]
struct SchoolFiles;

/// Somebody of the demo whom one can sign in as.
pub struct Person {
    /// Where.
    pub organization: Organization,
    /// Who.
    pub id: Uuid,
    /// As what.
    pub role: String,
    /// Their name.
    pub name: String,
}

/// People who are not in the school's files: organization, role, name, mail address.
const BY_HAND: &[(&str, &str, &str, &str)] = &[
    ("riverside", "admin", "Ada Flores", "ada.flores@riverside.example"),
    ("riverside", "staff", "Ben Carter", "ben.carter@riverside.example"),
    ("lotus-clinic", "admin", "Minh Tran", "minh.tran@lotus.example"),
    (
        "lotus-clinic",
        "staff",
        "Sara Lindqvist",
        "sara.lindqvist@lotus.example",
    ),
];

/// Loads both organizations; what is there already stays as it is. `dir` is where the school's files are put, for looking
/// at and for trying `frontdesk import`.
///
/// # Errors
/// Of the database or the disk.
pub async fn load(db: &Db, clock: &Clock, dir: &Path) -> anyhow::Result<()> {
    let tx = db.system("demo organizations").await?;
    let school = store::create(
        &tx,
        ids::new_id(),
        "Riverside School",
        "riverside",
        Kind::School,
        "America/New_York",
    )
    .await?;
    let clinic = store::create(
        &tx,
        ids::new_id(),
        "Lotus Clinic",
        "lotus-clinic",
        Kind::Clinic,
        "America/New_York",
    )
    .await?;
    for (slug, role, name, email) in BY_HAND {
        let org = if *slug == school.slug { &school } else { &clinic };
        add_person(&tx, org.id, role, name, email).await?;
    }
    let loaded = tx
        .query_opt(
            "select 1 from frontdesk.students where org_id = $1 limit 1",
            &[&school.id],
        )
        .await?
        .is_some();
    tx.commit().await?;
    if !loaded {
        std::fs::create_dir_all(dir)?;
        for name in SchoolFiles::iter() {
            if let Some(file) = SchoolFiles::get(&name) {
                std::fs::write(dir.join(name.as_ref()), file.data)?;
            }
        }
        let options = import::Options {
            dry_run: false,
            allow_removals: false,
            keep_issues: 10,
            today: clock.now().to_zoned(TimeZone::UTC).date(),
        };
        import::clever(db, school.id, dir, options, &()).await?;
    }
    Ok(())
}

async fn add_person(tx: &SystemTx, org_id: Uuid, role: &str, name: &str, email: &str) -> anyhow::Result<()> {
    tx.execute(
        "insert into frontdesk.profiles (org_id, id, role, name, email, source, external_id)
         values ($1, $2, $3, $4, $5, 'demo', $5) on conflict do nothing",
        &[&org_id, &ids::new_id(), &role, &name, &email],
    )
    .await?;
    Ok(())
}

/// One person of each role in each demo organization, to sign in as.
///
/// # Errors
/// Of the database.
pub async fn people(db: &Db) -> anyhow::Result<Vec<Person>> {
    let organizations = store::list(db).await?;
    let rows = db
        .system_query(
            "demo people",
            "select distinct on (o.slug, p.role) o.id, p.id, p.role, p.name
             from frontdesk.organizations o join frontdesk.profiles p on p.org_id = o.id and p.status = 'active'
             where o.slug in ('riverside', 'lotus-clinic')
             order by o.slug desc, p.role, p.name",
            &[],
        )
        .await?;
    let person = |row: &tokio_postgres::Row| {
        let org_id: Uuid = row.get(0);
        organizations.iter().find(|org| org.id == org_id).map(|org| Person {
            organization: org.clone(),
            id: row.get(1),
            role: row.get(2),
            name: row.get(3),
        })
    };
    Ok(rows.iter().filter_map(person).collect())
}
