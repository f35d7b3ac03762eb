//! `frontdesk.create_notification` in an application's own transaction: sent if and only if that commits, by whoever may.

use tokio_postgres::Client;
use uuid::Uuid;

use crate::support::{TestApp, people};

struct World {
    app: TestApp,
    org: Uuid,
    other: Uuid,
    staff: Uuid,
    parent: Uuid,
}

impl World {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let org = people::organization(&app.db, "ours").await;
        let other = people::organization(&app.db, "theirs").await;
        let staff = people::person(&app.db, org, "staff", "Sam").await;
        let parent = people::person(&app.db, org, "parent", "Pat").await;
        people::person(&app.db, other, "parent", "Eve").await;
        app.db
            .run("create table public.orders (id int primary key); grant insert on public.orders to authenticated, service_role")
            .await;
        Self {
            app,
            org,
            other,
            staff,
            parent,
        }
    }

    async fn count(&self) -> i64 {
        self.app.db.value("select count(*) from frontdesk.notifications").await
    }

    /// Opens a transaction as a person, as PostgREST and our API do.
    async fn open_as(&self, client: &Client, person: Uuid, role: &str) {
        client
            .batch_execute(&format!(
                "begin; set local role authenticated;
                 set local request.jwt.claims to '{{\"sub\":\"{person}\",\"org_id\":\"{}\",\"role\":\"authenticated\",\"org_role\":\"{role}\"}}'",
                self.org
            ))
            .await
            .unwrap();
    }
}

fn code(result: Result<(), tokio_postgres::Error>) -> String {
    let error = result.unwrap_err();
    error.as_db_error().unwrap().code().code().to_owned()
}

#[tokio::test]
async fn a_message_goes_out_if_and_only_if_the_applications_transaction_commits() {
    let world = World::new().await;
    let client = world.app.db.superuser().await;
    let call = "insert into public.orders values (1);
                select frontdesk.create_notification('Order 1', 'Thanks.', '{\"roles\": [\"parent\"]}', p_type := 'order.placed')";
    world.open_as(&client, world.staff, "staff").await;
    client.batch_execute(call).await.unwrap();
    client.batch_execute("rollback").await.unwrap();
    assert_eq!(world.count().await, 0);
    world.open_as(&client, world.staff, "staff").await;
    client.batch_execute(call).await.unwrap();
    client.batch_execute("commit").await.unwrap();
    world.app.drain().await;

    let inbox = world
        .app
        .get("/v1/inbox", &world.app.token(world.org, world.parent))
        .await
        .body;
    assert_eq!(inbox["items"][0]["title"], "Order 1");
    assert_eq!(inbox["items"][0]["type"], "order.placed");
    assert_eq!(inbox["items"][0]["sender_name"], "Sam");
    let orders: i64 = world.app.db.value("select count(*) from public.orders").await;
    assert_eq!(orders, 1);
}

#[tokio::test]
async fn who_may_not_send_is_refused_and_nobody_sends_into_another_organization() {
    let world = World::new().await;
    let client = world.app.db.superuser().await;
    let call = |extra: &str| format!("select frontdesk.create_notification('T', '', '{{\"all\": true}}'{extra})");
    for (person, role) in [
        (world.parent, "parent"),
        (world.parent, "teacher"),
        (world.parent, "student"),
    ] {
        world.open_as(&client, person, role).await;
        assert_eq!(code(client.batch_execute(&call("")).await), "42501", "{role}");
        client.batch_execute("rollback").await.unwrap();
    }
    world.open_as(&client, world.staff, "staff").await;
    let theirs = call(&format!(", p_org_id := '{}'", world.other));
    assert_eq!(code(client.batch_execute(&theirs).await), "42501");
    client
        .batch_execute("rollback; begin; set local role anon")
        .await
        .unwrap();
    assert_eq!(code(client.batch_execute(&call("")).await), "42501");
    client
        .batch_execute("rollback; begin; set local role service_role")
        .await
        .unwrap();
    assert_eq!(
        code(client.batch_execute(&call("")).await),
        "22023",
        "the service role names the organization"
    );
    client.batch_execute("rollback").await.unwrap();
    client
        .batch_execute(&format!("begin; set local role service_role; {theirs}; commit"))
        .await
        .unwrap();
    let org: Uuid = world.app.db.value("select org_id from frontdesk.notifications").await;
    assert_eq!(org, world.other);
}

#[tokio::test]
async fn bad_arguments_are_refused_in_words_and_poison_no_worker() {
    let world = World::new().await;
    let client = world.app.db.superuser().await;
    for call in [
        "'T', '', '{}'",
        "'T', '', '[]'",
        "'T', '', null",
        "'T', '', '{\"everyone\": true}'",
        "'T', '', '{\"people\": [\"x\"]}'",
        "'T', '', '{\"people\": [7]}'",
        "'T', '', '{\"people\": []}'",
        "'T', '', '{\"roles\": [\"pirate\"]}'",
        "'T', '', '{\"roles\": [\"student\"]}'",
        "'T', '', '{\"all\": false}'",
        "'T', '', '{\"all\": true, \"roles\": [\"parent\"]}'",
        "'', '', '{\"all\": true}'",
        "E'a\\r\\nBcc: x', '', '{\"all\": true}'",
        "'T', '', '{\"all\": true}', p_category := 'party'",
        "'T', '', '{\"all\": true}', p_action_url := 'javascript:alert(1)'",
        "'T', '', '{\"all\": true}', p_action_url := '//evil.example'",
    ] {
        world.open_as(&client, world.staff, "staff").await;
        let result = client
            .batch_execute(&format!("select frontdesk.create_notification({call})"))
            .await;
        assert_eq!(code(result), "22023", "{call}");
        client.batch_execute("rollback").await.unwrap();
    }
    for call in [
        "'T', '', '{\"all\": true}', p_channels := array['pigeon']",
        "'T', '', '{\"all\": true}', p_priority := 'most'",
        "'T', '', '{\"all\": true}', p_expires_at := now() - interval '1 day'",
    ] {
        world.open_as(&client, world.staff, "staff").await;
        let result = client
            .batch_execute(&format!("select frontdesk.create_notification({call})"))
            .await;
        assert_eq!(code(result), "23514", "{call}");
        client.batch_execute("rollback").await.unwrap();
    }
    // Past the function, too: an audience that cannot be read would stop the expander for everybody.
    world.open_as(&client, world.staff, "staff").await;
    let result = client
        .batch_execute(&format!(
            "insert into frontdesk.notifications (org_id, id, title, content, channels, audience, sender_id)
             values ('{}', gen_random_uuid(), 'T', '', '{{in_app}}', '{{\"people\": [\"x\"]}}', '{}')",
            world.org, world.staff
        ))
        .await;
    assert_eq!(code(result), "22023");
    client.batch_execute("rollback").await.unwrap();
    assert_eq!(world.count().await, 0);
}

#[tokio::test]
async fn the_same_key_sends_once_and_another_message_under_it_is_refused() {
    let world = World::new().await;
    let call = |title: &str| {
        format!(
            "select frontdesk.create_notification('{title}', '', '{{\"all\": true}}', p_idempotency_key := 'order-1')::text"
        )
    };
    let mut ids = Vec::new();
    for _ in 0..2 {
        let client = world.app.db.superuser().await;
        world.open_as(&client, world.staff, "staff").await;
        ids.push(client.query_one(&call("T"), &[]).await.unwrap().get::<_, String>(0));
        client.batch_execute("commit").await.unwrap();
    }
    assert_eq!(ids[0], ids[1]);
    assert_eq!(world.count().await, 1);
    let client = world.app.db.superuser().await;
    world.open_as(&client, world.staff, "staff").await;
    assert_eq!(code(client.batch_execute(&call("U")).await), "FD409");
}
