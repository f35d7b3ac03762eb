//! Who may call each operation, and what another organization gets from it. An exception says why.

/// Who may call it.
#[derive(Clone, Copy, Debug)]
pub enum Who {
    /// Everybody of the organization, and its key.
    Everybody,
    /// admin, staff and the organization's key: a parent gets 403.
    Staff,
    /// admin and the organization's key: staff and parents get 403.
    Admin,
    /// People: a key gets 403.
    Person,
    /// A device's own session: a person's token and a key get 403.
    Session,
    /// The person whom the thing belongs to, admins and the key. Somebody else gets 404: they may not even see it.
    Owner,
    /// Whoever has a one-use ticket; a token is not looked at.
    Ticket,
    /// Whoever has a signed link; a token is not looked at, and without a good link there is nothing.
    Link,
}

/// What the admin of another organization gets with our ids.
#[derive(Clone, Copy, Debug)]
pub enum Foreign {
    /// 404: for them it does not exist.
    NotFound,
    /// It takes no id of ours: they see or change their own things, and nothing of ours is in the answer.
    OwnThings,
    /// 422 at this field: nothing of their organization has this id.
    Field(&'static str),
}

/// What is expected of one operation.
pub struct Entry {
    /// `operationId`.
    pub id: &'static str,
    pub who: Who,
    pub foreign: Foreign,
    /// The path to ask, with our ids, when it has parameters: <message>, <session>, <person>, <draft-to-…>.
    pub path: Option<&'static str>,
    /// A body that passes.
    pub body: Option<&'static str>,
    /// A body with our ids, for the other organization.
    pub foreign_body: Option<&'static str>,
}

impl Entry {
    /// Whether callers of the right organization may be refused for what they are.
    pub fn who_is_narrow(&self) -> bool {
        matches!(self.who, Who::Session)
    }
}

/// What most entries leave out.
pub const ENTRY: Entry = Entry {
    id: "",
    who: Who::Everybody,
    foreign: Foreign::OwnThings,
    path: None,
    body: None,
    foreign_body: None,
};

/// All operations of the OpenAPI document.
pub const OPERATIONS: &[Entry] = &[
    Entry { id: "getMe", ..ENTRY },
    // Row security narrows these: everybody may ask, parents see themselves, keys and staff the organization.
    Entry {
        id: "listProfiles",
        ..ENTRY
    },
    Entry {
        id: "listSchools",
        ..ENTRY
    },
    Entry {
        id: "listGrades",
        ..ENTRY
    },
    Entry {
        id: "listClasses",
        ..ENTRY
    },
    Entry {
        id: "previewAudience",
        who: Who::Staff,
        foreign: Foreign::Field("audience.people[0]"),
        body: Some(r#"{"audience": {"all": true}}"#),
        foreign_body: Some(r#"{"audience": {"people": ["<person>"]}}"#),
        ..ENTRY
    },
    Entry {
        id: "createNotification",
        who: Who::Staff,
        foreign: Foreign::Field("audience.people[0]"),
        body: Some(r#"{"title": "Title of Ours", "content": "", "audience": {"all": true}}"#),
        foreign_body: Some(r#"{"title": "T", "content": "", "audience": {"people": ["<person>"]}}"#),
        ..ENTRY
    },
    Entry {
        id: "createNotifications",
        who: Who::Staff,
        foreign: Foreign::Field("notifications[0].audience.people[0]"),
        body: Some(r#"{"notifications": [{"title": "Title of Ours", "content": "", "audience": {"all": true}}]}"#),
        foreign_body: Some(
            r#"{"notifications": [{"title": "T", "content": "", "audience": {"people": ["<person>"]}}]}"#,
        ),
        ..ENTRY
    },
    Entry {
        id: "editNotification",
        who: Who::Staff,
        foreign: Foreign::NotFound,
        path: Some("/v1/notifications/<draft-to-edit>"),
        body: Some(r#"{"title": "Title of Ours"}"#),
        ..ENTRY
    },
    Entry {
        id: "sendNotification",
        who: Who::Staff,
        foreign: Foreign::NotFound,
        path: Some("/v1/notifications/<draft-to-send>/send"),
        ..ENTRY
    },
    Entry {
        id: "cancelNotification",
        who: Who::Staff,
        foreign: Foreign::NotFound,
        path: Some("/v1/notifications/<draft-to-cancel>/cancel"),
        ..ENTRY
    },
    Entry {
        id: "listHistory",
        who: Who::Staff,
        foreign: Foreign::NotFound,
        path: Some("/v1/notifications/<message>/history"),
        ..ENTRY
    },
    Entry {
        id: "getPreferences",
        who: Who::Person,
        ..ENTRY
    },
    Entry {
        id: "changePreferences",
        who: Who::Person,
        body: Some("{}"),
        ..ENTRY
    },
    Entry {
        id: "getPreferenceDefaults",
        ..ENTRY
    },
    Entry {
        id: "changePreferenceDefaults",
        who: Who::Admin,
        body: Some("{}"),
        ..ENTRY
    },
    // Whoever holds a link from a mail of theirs: its signature is the credential, and one that is none is not there.
    Entry {
        id: "showUnsubscribe",
        who: Who::Link,
        path: Some("/v1/unsubscribe/garbage"),
        ..ENTRY
    },
    Entry {
        id: "unsubscribe",
        who: Who::Link,
        path: Some("/v1/unsubscribe/garbage"),
        ..ENTRY
    },
    Entry {
        id: "listTemplates",
        who: Who::Staff,
        ..ENTRY
    },
    Entry {
        id: "getTemplate",
        who: Who::Staff,
        foreign: Foreign::NotFound,
        path: Some("/v1/templates/of.ours"),
        ..ENTRY
    },
    Entry {
        id: "putTemplate",
        who: Who::Staff,
        path: Some("/v1/templates/new"),
        body: Some(r#"{"contents": {"en": {"in_app": {"title": "T", "content": ""}}}}"#),
        ..ENTRY
    },
    Entry {
        id: "deleteTemplate",
        who: Who::Staff,
        foreign: Foreign::NotFound,
        path: Some("/v1/templates/of.ours.too"),
        ..ENTRY
    },
    Entry {
        id: "previewTemplate",
        who: Who::Staff,
        foreign: Foreign::NotFound,
        path: Some("/v1/templates/of.ours/preview"),
        body: Some("{}"),
        ..ENTRY
    },
    // Everybody may know the rules; admins and the key change them. It takes no id of ours.
    Entry {
        id: "listPolicies",
        ..ENTRY
    },
    Entry {
        id: "putPolicy",
        who: Who::Admin,
        path: Some("/v1/policies/announcement"),
        body: Some(r#"{"channels": ["in_app"]}"#),
        ..ENTRY
    },
    Entry {
        id: "deletePolicy",
        who: Who::Admin,
        path: Some("/v1/policies/announcement"),
        ..ENTRY
    },
    Entry {
        id: "listNotifications",
        who: Who::Staff,
        ..ENTRY
    },
    Entry {
        id: "getNotification",
        who: Who::Staff,
        foreign: Foreign::NotFound,
        path: Some("/v1/notifications/<message>"),
        ..ENTRY
    },
    Entry {
        id: "listRecipients",
        who: Who::Staff,
        foreign: Foreign::NotFound,
        path: Some("/v1/notifications/<message>/recipients"),
        ..ENTRY
    },
    Entry {
        id: "listDeliveries",
        who: Who::Staff,
        foreign: Foreign::NotFound,
        path: Some("/v1/notifications/<message>/deliveries"),
        ..ENTRY
    },
    Entry {
        id: "registerDevice",
        who: Who::Person,
        body: Some(r#"{"kind": "fcm", "token": "a-token"}"#),
        ..ENTRY
    },
    Entry {
        id: "listDevices",
        who: Who::Person,
        ..ENTRY
    },
    // These two take away what is the caller's and say nothing of what is not there.
    Entry {
        id: "removeDevice",
        who: Who::Person,
        path: Some("/v1/devices/<message>"),
        ..ENTRY
    },
    Entry {
        id: "getPushKey",
        ..ENTRY
    },
    Entry {
        id: "listSuppressions",
        who: Who::Staff,
        ..ENTRY
    },
    Entry {
        id: "liftSuppression",
        who: Who::Staff,
        path: Some("/v1/suppressions?channel=email&address=nobody%40example.test"),
        ..ENTRY
    },
    Entry {
        id: "getTimeline",
        who: Who::Staff,
        foreign: Foreign::NotFound,
        path: Some("/v1/notifications/<message>/recipients/<person>/timeline"),
        ..ENTRY
    },
    Entry {
        id: "listDeadLetters",
        who: Who::Staff,
        ..ENTRY
    },
    // Naming another organization's message takes up nothing.
    Entry {
        id: "redriveDeliveries",
        who: Who::Staff,
        body: Some(r#"{"channel": "email"}"#),
        foreign_body: Some(r#"{"notification_id": "<message>"}"#),
        ..ENTRY
    },
    Entry {
        id: "listInbox",
        who: Who::Person,
        ..ENTRY
    },
    Entry {
        id: "countInbox",
        who: Who::Person,
        ..ENTRY
    },
    Entry {
        id: "setInboxStatus",
        who: Who::Person,
        foreign: Foreign::NotFound,
        path: Some("/v1/inbox/<message>"),
        body: Some(r#"{"status": "read"}"#),
        ..ENTRY
    },
    Entry {
        id: "acknowledgeNotification",
        who: Who::Person,
        foreign: Foreign::NotFound,
        path: Some("/v1/inbox/<message>/acknowledge"),
        ..ENTRY
    },
    Entry {
        id: "markInbox",
        who: Who::Person,
        body: Some(r#"{"status": "read"}"#),
        ..ENTRY
    },
    Entry {
        id: "markInboxSeen",
        who: Who::Person,
        body: Some("{}"),
        ..ENTRY
    },
    Entry {
        id: "readAllInbox",
        who: Who::Person,
        ..ENTRY
    },
    Entry {
        id: "createRealtimeTicket",
        who: Who::Person,
        ..ENTRY
    },
    // A browser cannot send a token with a WebSocket: the ticket, which an authenticated request got, is the credential.
    // It names its organization itself, so there is no other organization to ask as.
    Entry {
        id: "openRealtime",
        who: Who::Ticket,
        path: Some("/v1/realtime?ticket=garbage"),
        ..ENTRY
    },
    // Row security narrows it: staff see the organization's, everybody else their own.
    Entry {
        id: "listSessions",
        path: Some("/v1/sessions?user_id=<person>"),
        ..ENTRY
    },
    Entry {
        id: "startSession",
        who: Who::Person,
        body: Some("{}"),
        ..ENTRY
    },
    Entry {
        id: "endSession",
        who: Who::Owner,
        foreign: Foreign::NotFound,
        path: Some("/v1/sessions/<session>"),
        ..ENTRY
    },
    // Each session can end itself only; it takes no id.
    Entry {
        id: "endCurrentSession",
        who: Who::Session,
        ..ENTRY
    },
];
