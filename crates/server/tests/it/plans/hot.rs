//! The statements that run most often, and the indexes that they must use.

use super::Login;

/// A statement, told by its parts.
pub struct Hot {
    pub what: &'static str,
    pub login: Login,
    /// Parts of its text that together no other statement has.
    pub has: &'static [&'static str],
    pub lacks: &'static [&'static str],
    /// SQL for its parameters; <org>, <person>, <message> … are filled in.
    pub values: &'static [&'static str],
    pub uses: &'static [&'static str],
}

const NOW: &str = "now()";
const BEFORE: &str = "now() - interval '10 days'";

/// All of them.
pub const HOT: &[Hot] = &[
    Hot {
        what: "inbox, first page",
        login: Login::Api,
        has: &["frontdesk.inbox i", "limit $3"],
        lacks: &[],
        values: &["'<org>'", "'<person>'", "20"],
        uses: &["idx_notification_recipients_inbox", "notifications_pkey"],
    },
    Hot {
        what: "inbox, next page or by status",
        login: Login::Api,
        has: &["frontdesk.inbox i", "limit $6"],
        lacks: &[],
        values: &[
            "'<org>'",
            "'<person>'",
            "null",
            BEFORE,
            "'<message>'",
            "20",
            "false",
            "null",
            "null",
            "false",
        ],
        uses: &["idx_notification_recipients_inbox", "notifications_pkey"],
    },
    Hot {
        what: "inbox, one message",
        login: Login::Api,
        has: &["frontdesk.inbox i", "i.notification_id = $3"],
        lacks: &[],
        values: &["'<org>'", "'<person>'", "'<message>'"],
        // The key or the inbox's own index, whose fourth column is the message: as many rows as the person has.
        uses: &["notifications_pkey"],
    },
    Hot {
        what: "inbox, counts",
        login: Login::Api,
        has: &["filter (where r.status = 'unread' and"],
        lacks: &[],
        values: &["'<org>'", "'<person>'"],
        uses: &["idx_notification_recipients_inbox"],
    },
    Hot {
        what: "notifications, a page",
        login: Login::Api,
        has: &["order by n.created_at desc, n.id desc"],
        lacks: &[],
        values: &["'<org>'", BEFORE, "'<message>'", "20", "null"],
        uses: &[
            "idx_notifications_org_created",
            "uq_notification_logs_delivery",
            "notification_recipients_pkey",
        ],
    },
    Hot {
        what: "recipients, a page",
        login: Login::Api,
        has: &["order by r.recipient_id"],
        lacks: &[],
        values: &["'<org>'", "'<message>'", "'<person>'", "20", "null"],
        uses: &["notification_recipients_pkey", "uq_notification_logs_delivery"],
    },
    Hot {
        what: "deliveries, a page",
        login: Login::Api,
        has: &["order by l.id limit $6"],
        lacks: &[],
        values: &["'<org>'", "'<message>'", "null", "null", "null", "20"],
        uses: &["uq_notification_logs_delivery"],
    },
    Hot {
        what: "profiles, a page",
        login: Login::Api,
        has: &["order by p.name, p.id limit $6"],
        lacks: &[],
        values: &["'<org>'", "null", "null", "'m'", "'<person>'", "20"],
        uses: &["idx_profiles_org_name"],
    },
    Hot {
        what: "sessions, a page",
        login: Login::Api,
        has: &["frontdesk.user_sessions s", "order by s.created_at desc"],
        lacks: &[],
        values: &["'<org>'", "'<person>'", "null", "null", "20"],
        uses: &[],
    },
    Hot {
        what: "websocket deliveries that are pending",
        login: Login::Worker,
        has: &["c (org_id, user_id)"],
        lacks: &[],
        values: &["array['<org>'::uuid]", "array['<person>'::uuid]", NOW, "100"],
        uses: &["idx_notification_logs_websocket_open"],
    },
    Hot {
        what: "websocket deliveries to replay",
        login: Login::Worker,
        has: &["l.recipient_id = $2", "n.expires_at > $3"],
        lacks: &[],
        values: &["'<org>'", "'<person>'", NOW, "null", "100"],
        uses: &["idx_notification_logs_websocket_open"],
    },
    Hot {
        what: "claim deliveries",
        login: Login::Worker,
        has: &["leased_until = $4"],
        lacks: &[],
        values: &["'email'", NOW, "100", NOW],
        uses: &["idx_delivery_queue_ready", "profiles_pkey"],
    },
    Hot {
        what: "deliveries whose time has come",
        login: Login::Worker,
        has: &["q.turn is null and q.due_at <= $1"],
        lacks: &[],
        values: &[NOW, "100"],
        uses: &["idx_delivery_queue_waiting", "delivery_queue_pkey"],
    },
    Hot {
        what: "the next message to expand",
        login: Login::Worker,
        has: &["in ('scheduled', 'expanding')", "skip locked"],
        lacks: &[],
        values: &[NOW],
        uses: &["idx_notifications_unfinished"],
    },
    Hot {
        what: "messages that are finished",
        login: Login::Worker,
        has: &["set state = 'done'"],
        lacks: &[],
        values: &["500"],
        uses: &["idx_notifications_unfinished", "idx_delivery_queue_notification"],
    },
];
