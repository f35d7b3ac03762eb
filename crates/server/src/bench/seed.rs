//! Made-up organizations with full inboxes, and who stands where in them.
//!
//! Called by `inbox`. Ids are made of a prefix and a number, so that pgbench, which only has integers, can name the same
//! people as we do. Messages go in round by round (one to every organization, then the next), as they do in life: what one
//! person sees on a page lies on as many pages of the table.

use platform::db;
use tokio_postgres::Client;
use uuid::Uuid;

/// Every tenth message has been put away, so that the page has something to skip.
const ARCHIVED_EVERY: u32 = 10;
/// Numbers begin here, so that all have eight digits.
pub const FIRST_NUMBER: u32 = 10_000_000;
/// All of an organization's id but the eight digits.
pub const ORG_PREFIX: &str = "01900000-0000-7000-8000-0001";
/// All of a person's id but the eight digits.
pub const PERSON_PREFIX: &str = "01900000-0000-7000-8000-0002";

/// How much there is.
#[derive(Clone, Copy, Debug, serde::Serialize)]
pub struct Size {
    /// Organizations.
    pub organizations: u32,
    /// People in each.
    pub people: u32,
    /// Messages to each person.
    pub notifications: u32,
}

impl Size {
    /// People altogether.
    pub fn all_people(self) -> u32 {
        self.organizations * self.people
    }

    /// Inbox rows altogether.
    pub fn rows(self) -> u64 {
        u64::from(self.all_people()) * u64::from(self.notifications)
    }

    /// The organization's number of a person's number.
    pub fn organization_of(self, person: u32) -> u32 {
        person / self.people
    }

    /// Titles on the first page of everybody in an organization, newest first.
    pub fn first_page(self, organization: u32, limit: usize) -> Vec<String> {
        (1..=self.notifications)
            .rev()
            .filter(|round| round % ARCHIVED_EVERY != 0)
            .take(limit)
            .map(|round| format!("Notice {round} to organization {organization}"))
            .collect()
    }
}

/// An organization's id.
pub fn organization_id(number: u32) -> Uuid {
    id(ORG_PREFIX, number)
}

/// A person's id.
pub fn person_id(number: u32) -> Uuid {
    id(PERSON_PREFIX, number)
}

fn id(prefix: &str, number: u32) -> Uuid {
    format!("{prefix}{}", FIRST_NUMBER + number).parse().unwrap_or_default()
}

const PEOPLE: &str = "
with organization as (
  insert into frontdesk.organizations (id, name, slug, kind)
  select ($4::text || 10000000 + o)::uuid, 'Organization ' || o, 'organization-' || o, 'school'
  from generate_series(0, $1::int - 1) o)
insert into frontdesk.profiles (org_id, id, role, name)
select ($4::text || 10000000 + p / $2::int)::uuid, ($3::text || 10000000 + p)::uuid,
  case p % $2 when 0 then 'admin' else 'parent' end, 'Person ' || p
from generate_series(0, $1 * $2 - 1) p";

const ROUND: &str = "
with message as (
  insert into frontdesk.notifications
    (org_id, id, title, content, channels, audience, sender_id, data, state, recipient_count, created_at)
  select ($4::text || 10000000 + o)::uuid, frontdesk.uuid_v7(), 'Notice ' || $5::int || ' to organization ' || o,
    'The gate on the north side is closed this week because of works on the water main. Please use the main entrance, '
      || 'and allow a few minutes more in the morning. Thank you for your patience. (' || $5 || ')',
    '{in_app}', '{\"everyone\": true}', ($3::text || 10000000 + o * $2::int)::uuid, jsonb_build_object('notice', $5),
    'done', $2, timestamptz '2026-01-01 08:00:00+00' + $5 * interval '1 hour' + o * interval '1 second'
  from generate_series(0, $1::int - 1) o
  returning org_id, id, created_at)
insert into frontdesk.notification_recipients
  (org_id, notification_id, recipient_id, role, reasons, status, read_at, archived_at, created_at)
select m.org_id, m.id, p.id, p.role, '[{\"why\": \"everyone\"}]',
  case when $5 % $7::int = 0 then 'archived' when $5 < $6::int - 5 then 'read' else 'unread' end,
  case when $5 % $7 = 0 or $5 < $6 - 5 then m.created_at end, case when $5 % $7 = 0 then m.created_at end, m.created_at
from message m join frontdesk.profiles p on p.org_id = m.org_id";

/// Fills an empty database; `tell` hears the rows that are in after each round. `url` is the superuser's.
///
/// # Errors
/// Of the database.
pub async fn fill(url: &str, size: Size, tell: &mut dyn FnMut(u64)) -> anyhow::Result<()> {
    let client: Client = db::connect(url).await?;
    // Foreign keys are not checked one by one: every row below points to one that is there.
    client.batch_execute("set session_replication_role = replica").await?;
    let [organizations, people, notifications] =
        [size.organizations, size.people, size.notifications].map(u32::cast_signed);
    client
        .execute(PEOPLE, &[&organizations, &people, &PERSON_PREFIX, &ORG_PREFIX])
        .await?;
    client.batch_execute("analyze frontdesk.profiles").await?;
    let round = client.prepare(ROUND).await?;
    let archived_every = ARCHIVED_EVERY.cast_signed();
    for number in 1..=notifications {
        client
            .execute(
                &round,
                &[
                    &organizations,
                    &people,
                    &PERSON_PREFIX,
                    &ORG_PREFIX,
                    &number,
                    &notifications,
                    &archived_every,
                ],
            )
            .await?;
        tell(u64::from(size.all_people()) * u64::from(number.cast_unsigned()));
    }
    for table in ["organizations", "profiles", "notifications", "notification_recipients"] {
        client
            .batch_execute(&format!("vacuum (analyze) frontdesk.{table}"))
            .await?;
    }
    client.batch_execute("checkpoint").await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_leaves_out_what_was_put_away() {
        let size = Size {
            organizations: 3,
            people: 20,
            notifications: 50,
        };
        let page = size.first_page(2, 20);
        assert_eq!(page.len(), 20);
        assert_eq!(page[0], "Notice 49 to organization 2");
        assert_eq!(page[19], "Notice 28 to organization 2");
        assert_eq!(size.organization_of(41), 2);
        assert_eq!(organization_id(2).to_string(), "01900000-0000-7000-8000-000110000002");
    }
}
