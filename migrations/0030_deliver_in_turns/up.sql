-- The queue in turns: each organization's rows take turns with the others', so that a flood of one delays nobody else.

-- How far each organization's turns have gone in a lane (a channel at a priority): frontdesk.take_turns.
create table frontdesk.delivery_lanes (
  org_id uuid not null constraint delivery_lanes_org_fk references frontdesk.organizations (id) on delete cascade,
  channel text not null,
  priority smallint not null,
  last_turn bigint not null,
  constraint delivery_lanes_pkey primary key (org_id, channel, priority),
  constraint delivery_lanes_channel_check check (channel in ('in_app', 'websocket', 'email', 'push', 'sms'))
) with (fillfactor = 50);
create index idx_delivery_lanes_last on frontdesk.delivery_lanes (channel, priority, last_turn);

-- A row has a turn when it is ready, and none while it waits for due_at.
alter table frontdesk.delivery_queue
  add column recipient_id uuid,
  add column turn bigint,
  -- Attempts that do not count any more, because the row was taken up again (redriven).
  add column attempts_before smallint not null default 0,
  add column only_if text,
  add constraint delivery_queue_only_if_check check (only_if in ('unread', 'unacknowledged'));
alter table frontdesk.delivery_queue no force row level security;
alter table frontdesk.notification_logs no force row level security;
update frontdesk.delivery_queue q
set recipient_id = l.recipient_id
from frontdesk.notification_logs l
where l.org_id = q.org_id and l.id = q.log_id;
alter table frontdesk.notification_logs force row level security;
alter table frontdesk.delivery_queue force row level security;
alter table frontdesk.delivery_queue alter column recipient_id set not null;

drop index frontdesk.idx_delivery_queue_due;
-- What is ready, in order. Not in it: leased_until, so that a claim changes no index.
create index idx_delivery_queue_ready on frontdesk.delivery_queue (channel, priority, turn) where turn is not null;
-- What waits for its time.
create index idx_delivery_queue_waiting on frontdesk.delivery_queue (due_at) where turn is null;

alter table frontdesk.notification_logs
  -- Which of the channel's providers had it last, what it said, and how many messages it was to the provider (SMS segments).
  add column provider text,
  add column answer text,
  add column units smallint;
-- Dead letters, newest first.
create index idx_notification_logs_failed on frontdesk.notification_logs (org_id, failed_at desc, id desc)
  where status = 'failed';

-- What happened to a delivery, beside its state: attempts, what the provider reported later, and who took it up again. Of a
-- delivery whose first attempt succeeded the log row itself is the record of it.
create table frontdesk.delivery_events (
  org_id uuid not null,
  log_id uuid not null,
  id uuid not null,
  kind text not null,
  attempt smallint,
  status text not null,
  reason text,
  provider text,
  message text,
  external_id text,
  created_at timestamptz not null default now(),
  constraint delivery_events_pkey primary key (org_id, log_id, id),
  constraint delivery_events_log_fk foreign key (org_id, log_id)
    references frontdesk.notification_logs (org_id, id) on delete cascade,
  constraint delivery_events_kind_check check (kind in ('attempt', 'callback', 'redrive')),
  constraint delivery_events_status_check check (
    status in ('pending', 'sent', 'delivered', 'failed', 'bounced', 'skipped'))
);

do $$
declare
  v_table text;
begin
  foreach v_table in array array['delivery_lanes', 'delivery_events']
  loop
    execute format('alter table frontdesk.%I enable row level security', v_table);
    execute format('alter table frontdesk.%I force row level security', v_table);
  end loop;
end
$$;
