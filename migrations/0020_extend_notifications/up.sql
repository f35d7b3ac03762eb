-- The whole life of a message: drafts, edits, history, tiers with later steps, acknowledgement, and its end.
alter table frontdesk.notifications
  -- Counts edits; If-Match is compared with it.
  add column version integer not null default 1,
  -- Whether recipients are asked to say that they have seen it.
  add column acknowledgement boolean not null default false,
  -- The channels that the sender named; null: the tier's.
  add column asked_channels text[],
  -- What follows, as planned when it was written: [{"after": seconds, "if": "unread", "channels": [...]} | {..., "to": audience}].
  add column steps jsonb not null default '[]',
  add column next_step integer not null default 0,
  -- When the next step is due; null when there is none (any more).
  add column next_step_at timestamptz,
  -- The place in a running step: people up to and including this one are done.
  add column step_to uuid,
  -- How many people its audience has, counted when the expander begins: what progress is measured against.
  add column audience_total integer,
  add column ended_at timestamptz,
  -- Whether inboxes and queue have been cleared of it since it was cancelled or expired.
  add column swept boolean not null default false,
  -- The totals of its delivery logs, kept when retention deletes the logs.
  add column final_totals jsonb,
  add constraint notifications_steps_check check (jsonb_typeof(steps) = 'array'),
  add constraint notifications_next_step_check check (next_step >= 0);

create index idx_notifications_next_step on frontdesk.notifications (next_step_at) where next_step_at is not null;
create index idx_notifications_unswept on frontdesk.notifications (ended_at)
  where state in ('cancelled', 'expired') and not swept;
-- Retention looks for what ended long ago.
create index idx_notifications_ended on frontdesk.notifications (org_id, ended_at) where state in ('cancelled', 'expired');
create index idx_notifications_logs_kept on frontdesk.notifications (org_id, ended_at)
  where state in ('done', 'cancelled', 'expired') and final_totals is null;

alter table frontdesk.notification_recipients
  -- Hidden until then.
  add column snoozed_until timestamptz,
  -- The message's, kept here so that counting needs no join.
  add column acknowledgement boolean not null default false,
  add column acknowledged_at timestamptz;

-- What happened to a message and who did it. Written by triggers only, so that nothing goes past it.
create table frontdesk.notification_history (
  org_id uuid not null,
  id uuid not null,
  notification_id uuid not null,
  -- created, edited, escalated, or the state that it moved to.
  event text not null,
  -- Null: the organization's server, or our own workers.
  actor_id uuid,
  detail jsonb not null default '{}',
  created_at timestamptz not null default now(),
  constraint notification_history_pkey primary key (org_id, id),
  constraint notification_history_notification_fk foreign key (org_id, notification_id)
    references frontdesk.notifications (org_id, id) on delete cascade,
  constraint notification_history_event_check check (event in ('created', 'edited', 'draft', 'scheduled', 'expanding',
    'sending', 'done', 'cancelled', 'expired', 'escalated'))
);
create index idx_notification_history_notification on frontdesk.notification_history (org_id, notification_id, id);

-- Answers to requests with an Idempotency-Key, to be given again.
create table frontdesk.idempotent_requests (
  org_id uuid not null constraint idempotent_requests_org_fk references frontdesk.organizations (id) on delete cascade,
  operation text not null,
  key text not null,
  request_hash bytea not null,
  status smallint,
  response jsonb,
  created_at timestamptz not null default now(),
  constraint idempotent_requests_pkey primary key (org_id, operation, key),
  constraint idempotent_requests_operation_check check (operation ~ '^[a-zA-Z]{1,63}$'),
  constraint idempotent_requests_key_check check (length(key) between 1 and 200),
  constraint idempotent_requests_request_hash_check check (length(request_hash) = 32)
);
create index idx_idempotent_requests_created on frontdesk.idempotent_requests (created_at);

-- An organization's own rules for a tier, laid over frontdesk.default_policy(category).
create table frontdesk.notification_policies (
  org_id uuid not null constraint notification_policies_org_fk references frontdesk.organizations (id) on delete cascade,
  category text not null,
  policy jsonb not null default '{}',
  updated_at timestamptz not null default now(),
  constraint notification_policies_pkey primary key (org_id, category),
  constraint notification_policies_category_check check (category in ('announcement', 'emergency', 'reminder', 'system')),
  constraint notification_policies_policy_check check (jsonb_typeof(policy) = 'object')
);

do $$
declare
  v_table text;
begin
  foreach v_table in array array['notification_history', 'idempotent_requests', 'notification_policies']
  loop
    execute format('alter table frontdesk.%I enable row level security', v_table);
    execute format('alter table frontdesk.%I force row level security', v_table);
  end loop;
end
$$;

-- Messages that ended before this step have an end too.
alter table frontdesk.notifications no force row level security;
update frontdesk.notifications set ended_at = updated_at where state in ('done', 'cancelled', 'expired');
update frontdesk.notifications set swept = true where state in ('cancelled', 'expired');
alter table frontdesk.notifications force row level security;
