-- One message. Its audience is kept as it was asked for; who that turned out to be is in notification_recipients.
create table frontdesk.notifications (
  org_id uuid not null constraint notifications_org_fk references frontdesk.organizations (id) on delete cascade,
  id uuid not null,
  title text not null,
  content text not null,
  severity text not null default 'info',
  type text not null default 'announcement',
  category text not null default 'announcement',
  priority text not null default 'normal',
  channels text[] not null,
  audience jsonb not null,
  sender_id uuid,
  related_entity_type text,
  related_entity_id uuid,
  action_url text,
  data jsonb not null default '{}',
  state text not null default 'scheduled',
  scheduled_for timestamptz not null default now(),
  expires_at timestamptz not null default now() + interval '30 days',
  -- The expander's place: people are taken in the order of their ids, up to and including this one.
  expanded_to uuid,
  recipient_count integer not null default 0,
  idempotency_key text,
  request_hash bytea,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint notifications_pkey primary key (org_id, id),
  -- The sender's profile may go; the message stays. (No ON DELETE SET NULL: it would null org_id too.)
  constraint notifications_title_check check (length(title) between 1 and 200),
  constraint notifications_content_check check (length(content) <= 10000),
  constraint notifications_severity_check check (severity in ('info', 'success', 'warning', 'error')),
  constraint notifications_type_check check (type ~ '^[a-z][a-z0-9_.]{0,62}$'),
  constraint notifications_category_check check (category in ('announcement', 'emergency', 'reminder', 'system')),
  constraint notifications_priority_check check (priority in ('low', 'normal', 'high', 'urgent', 'emergency')),
  constraint notifications_channels_check check (
    cardinality(channels) > 0 and channels <@ array['in_app', 'websocket', 'email', 'push', 'sms']),
  constraint notifications_state_check check (
    state in ('draft', 'scheduled', 'expanding', 'sending', 'done', 'cancelled', 'expired')),
  constraint notifications_expiry_check check (expires_at > scheduled_for),
  constraint notifications_idempotency_check check ((idempotency_key is null) = (request_hash is null))
);
create unique index uq_notifications_idempotency_key on frontdesk.notifications (org_id, idempotency_key)
  where idempotency_key is not null;
create index idx_notifications_org_created on frontdesk.notifications (org_id, created_at desc, id desc);
create index idx_notifications_entity on frontdesk.notifications (org_id, related_entity_type, related_entity_id)
  where related_entity_id is not null;
-- The outbox: what the expander still has to do, emergencies first (see frontdesk.priority_rank).
create index idx_notifications_unfinished on frontdesk.notifications (state, scheduled_for)
  where state in ('scheduled', 'expanding', 'sending');

-- What is no longer true and still stands in inboxes.
create index idx_notifications_expires on frontdesk.notifications (expires_at) where state = 'done';

-- The inbox: one row for each person a notification is for.
create table frontdesk.notification_recipients (
  org_id uuid not null,
  notification_id uuid not null,
  recipient_id uuid not null,
  -- The person's role when the message went out, and each reason why it reached them.
  role text not null,
  reasons jsonb not null default '[]',
  -- False when the message was not sent by in_app: then the row only says whom it was for and is in nobody's inbox.
  in_app boolean not null default true,
  status text not null default 'unread',
  seen_at timestamptz,
  read_at timestamptz,
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  constraint notification_recipients_pkey primary key (org_id, notification_id, recipient_id),
  constraint notification_recipients_notification_fk foreign key (org_id, notification_id)
    references frontdesk.notifications (org_id, id) on delete cascade,
  constraint notification_recipients_recipient_fk foreign key (org_id, recipient_id)
    references frontdesk.profiles (org_id, id) on delete cascade,
  constraint notification_recipients_role_check check (role in ('admin', 'staff', 'teacher', 'parent', 'student')),
  constraint notification_recipients_status_check check (status in ('unread', 'read', 'archived'))
);
create index idx_notification_recipients_inbox
  on frontdesk.notification_recipients (org_id, recipient_id, created_at desc, notification_id desc) where in_app;
create index idx_notification_recipients_unread
  on frontdesk.notification_recipients (org_id, recipient_id) where status = 'unread' and in_app;

-- One row for each notification × recipient × channel, with its true state.
create table frontdesk.notification_logs (
  org_id uuid not null,
  id uuid not null,
  notification_id uuid not null,
  recipient_id uuid not null,
  channel text not null,
  status text not null,
  -- Why a row was skipped or failed, as a stable word: no_email_address, expired, attempts_exhausted …
  reason text,
  error_message text,
  retry_count smallint not null default 0,
  -- The provider's name for it: for email the Message-ID's answer of the server, for SMS the SID …
  external_id text,
  sent_at timestamptz,
  delivered_at timestamptz,
  failed_at timestamptz,
  created_at timestamptz not null default now(),
  constraint notification_logs_pkey primary key (org_id, id),
  constraint uq_notification_logs_delivery unique (org_id, notification_id, recipient_id, channel),
  constraint notification_logs_recipient_fk foreign key (org_id, notification_id, recipient_id)
    references frontdesk.notification_recipients (org_id, notification_id, recipient_id) on delete cascade,
  constraint notification_logs_channel_check check (channel in ('in_app', 'websocket', 'email', 'push', 'sms')),
  constraint notification_logs_status_check check (
    status in ('pending', 'sent', 'delivered', 'failed', 'bounced', 'skipped'))
) with (fillfactor = 85);
-- What a person who connects (again) has not acknowledged yet.
create index idx_notification_logs_websocket_open on frontdesk.notification_logs (org_id, recipient_id)
  where channel = 'websocket' and status in ('pending', 'sent');

-- Work to be done, apart from its record: rows are deleted when done, which is twice as fast as flipping a status.
create table frontdesk.delivery_queue (
  org_id uuid not null,
  log_id uuid not null,
  notification_id uuid not null,
  channel text not null,
  -- 0 emergency … 4 low: frontdesk.priority_rank.
  priority smallint not null,
  due_at timestamptz not null,
  attempts smallint not null default 0,
  -- Who claimed a row holds it until then; a crashed worker's rows come back by themselves. Not indexed: claims stay HOT.
  leased_until timestamptz,
  constraint delivery_queue_pkey primary key (org_id, log_id),
  constraint delivery_queue_log_fk foreign key (org_id, log_id)
    references frontdesk.notification_logs (org_id, id) on delete cascade
) with (fillfactor = 70);
create index idx_delivery_queue_due on frontdesk.delivery_queue (channel, priority, due_at);
create index idx_delivery_queue_notification on frontdesk.delivery_queue (org_id, notification_id);

-- One-use, short-lived tickets with which a browser opens a WebSocket (it cannot send an Authorization header).
create table frontdesk.realtime_tickets (
  org_id uuid not null,
  secret_hash bytea not null,
  profile_id uuid not null,
  expires_at timestamptz not null,
  created_at timestamptz not null default now(),
  constraint realtime_tickets_pkey primary key (org_id, secret_hash),
  constraint realtime_tickets_profile_fk foreign key (org_id, profile_id)
    references frontdesk.profiles (org_id, id) on delete cascade,
  constraint realtime_tickets_secret_hash_check check (length(secret_hash) = 32)
);
create index idx_realtime_tickets_expires on frontdesk.realtime_tickets (expires_at);

do $$
declare
  v_table text;
begin
  foreach v_table in array array[
    'notifications', 'notification_recipients', 'notification_logs', 'delivery_queue', 'realtime_tickets']
  loop
    execute format('alter table frontdesk.%I enable row level security', v_table);
    execute format('alter table frontdesk.%I force row level security', v_table);
  end loop;
end
$$;
