//! A database of 50 organizations, large enough that the planner means what it says.

use std::sync::{Arc, Mutex};

use futures_util::{StreamExt, stream};
use tokio_postgres::{AsyncMessage, NoTls};
use uuid::Uuid;

use crate::support::{TestApp, database::url};

/// 50 organizations of 40 people and 1,000 messages each, 25 of them to everybody and 200 to one person: 59,000
/// recipients, 118,000 delivery logs. Rows lie in the order of time, organizations mixed, as they come in life.
const FILL: &str = "
insert into frontdesk.organizations (id, name, slug, kind)
  select gen_random_uuid(), 'Org ' || o, 'org-' || o, 'school' from generate_series(1, 50) o;
insert into frontdesk.profiles (org_id, id, role, name, email)
  select o.id, gen_random_uuid(), (array['admin', 'staff', 'teacher', 'parent', 'student'])[1 + p % 5], md5(p::text), 'p' || p || '@example.test'
  from frontdesk.organizations o, generate_series(1, 40) p;
insert into frontdesk.classes (org_id, id, external_id, name)
  select o.id, gen_random_uuid(), c::text, 'Class ' || c from frontdesk.organizations o, generate_series(1, 10) c;
insert into frontdesk.students (org_id, id) select org_id, id from frontdesk.profiles where role = 'student';
insert into frontdesk.enrollments (org_id, class_id, student_id)
  select s.org_id, c.id, s.id from frontdesk.students s join frontdesk.classes c on c.org_id = s.org_id;
insert into frontdesk.guardians (org_id, student_id, guardian_id, relationship)
  select s.org_id, s.id, p.id, 'Parent' from frontdesk.students s join frontdesk.profiles p on p.org_id = s.org_id and p.role = 'parent';
insert into frontdesk.notifications (org_id, id, title, content, channels, audience, state, created_at, expires_at)
  select o.id, gen_random_uuid(), 'T', 'C', '{in_app,email,websocket}', '{\"all\": true}', 'done', now() - n * interval '1 day',
    now() + n * interval '1 hour' from frontdesk.organizations o, generate_series(1, 1000) n order by n desc;
insert into frontdesk.notification_recipients (org_id, notification_id, recipient_id, role, status, created_at)
  select n.org_id, n.id, p.id, p.role, case when random() < 0.8 then 'read' else 'unread' end, n.created_at
  from frontdesk.notifications n join frontdesk.profiles p on p.org_id = n.org_id
  where n.created_at > now() - interval '25.5 days' or (n.created_at > now() - interval '200.5 days' and p.email = 'p5@example.test')
  order by n.created_at;
insert into frontdesk.notification_logs (org_id, id, notification_id, recipient_id, channel, status, created_at)
  select r.org_id, gen_random_uuid(), r.notification_id, r.recipient_id, c,
    case when c = 'websocket' and r.status = 'read' then 'delivered' when c = 'websocket' then 'pending' else 'sent' end, r.created_at
  from frontdesk.notification_recipients r, unnest(array['email', 'websocket']) c order by r.created_at;
insert into frontdesk.delivery_queue (org_id, log_id, notification_id, recipient_id, channel, priority, due_at, turn)
  select org_id, id, notification_id, recipient_id, channel, 3, now() + interval '1 day', case when random() < 0.5 then 1 end
  from frontdesk.notification_logs where channel = 'email' limit 10000;
insert into frontdesk.user_sessions (org_id, id, user_id, token_hash, provider_session_id, expires_at)
  select org_id, gen_random_uuid(), id, sha256(id::text::bytea), 'p' || id, now() + interval '1 day' from frontdesk.profiles;
analyze;";

/// One person of one of the organizations.
pub struct Filled {
    pub org: Uuid,
    pub person: Uuid,
    pub message: Uuid,
    pub claims: String,
    pub claims_with_session: String,
    pub token_hash: String,
}

impl Filled {
    /// Fills the app's database.
    pub async fn new(app: &TestApp) -> Self {
        app.db.run(FILL).await;
        let client = app.db.superuser().await;
        let row = client
            .query_one(
                "select r.org_id, r.recipient_id, r.notification_id from frontdesk.notification_recipients r
                 join frontdesk.profiles p on p.org_id = r.org_id and p.id = r.recipient_id where p.email = 'p5@example.test' limit 1",
                &[],
            )
            .await
            .expect("somebody");
        let (org, person, message): (Uuid, Uuid, Uuid) = (row.get(0), row.get(1), row.get(2));
        Self {
            org,
            person,
            message,
            claims: format!(r#"{{"org_id":"{org}","sub":"{person}","role":"authenticated"}}"#),
            claims_with_session: format!(
                r#"{{"org_id":"{org}","sub":"{person}","role":"authenticated","session_id":"p{person}"}}"#
            ),
            token_hash: format!("sha256('{person}'::bytea)"),
        }
    }

    /// Puts the ids in.
    pub fn fill(&self, text: &str) -> String {
        text.replace("<org>", &self.org.to_string())
            .replace("<person>", &self.person.to_string())
            .replace("<message>", &self.message.to_string())
    }
}

/// The plans of everything that a function runs inside, as the extension auto_explain tells them.
pub async fn nested_plans(app: &TestApp, sql: &str) -> String {
    let (client, mut connection) = tokio_postgres::connect(&url("postgres", &app.db.name), NoTls)
        .await
        .expect("the superuser connects");
    let notices = Arc::new(Mutex::new(String::new()));
    let heard = notices.clone();
    app.app.tasks.spawn("notices", async move {
        let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
        while let Some(Ok(message)) = messages.next().await {
            if let AsyncMessage::Notice(notice) = message {
                heard.lock().expect("the notices").push_str(notice.message());
            }
        }
    });
    client
        .batch_execute(&format!(
            "load 'auto_explain'; set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on;
             set auto_explain.log_level = notice; begin; set local session authorization frontdesk_api; {sql}; rollback"
        ))
        .await
        .expect("the request opens");
    let plans = notices.lock().expect("the notices").clone();
    assert!(plans.contains("Query Text"), "auto_explain said nothing: {plans}");
    plans
}
