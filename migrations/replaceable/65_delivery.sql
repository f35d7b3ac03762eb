-- needs: 0030
-- The delivery queue's turns, the record of what happened to a delivery, and dead letters taken up again.

-- Turns and queue are the workers' alone.
call frontdesk.guard_table('delivery_lanes');
-- What step 0030 added to tables that 60_notifications guards, which may have run before it.
grant update (recipient_id, turn, attempts_before, only_if) on frontdesk.delivery_queue to service_role;
grant update (provider, answer, units) on frontdesk.notification_logs to service_role;

call frontdesk.guard_table('delivery_events');
grant select on frontdesk.delivery_events to authenticated;
drop policy if exists delivery_events_select on frontdesk.delivery_events;
create policy delivery_events_select on frontdesk.delivery_events for select to authenticated
  using (org_id = frontdesk.org_id() and frontdesk.is_staff());

-- The first of p_count turns of an organization in a lane: right behind its own last one, but not before the place where the
-- lane is now. So everybody's rows interleave, one organization's flood lies behind its own turns only, and whoever was quiet
-- has saved up nothing (start-time fair queueing, Goyal et al. 1996). Sequential scans are off because the queue swings from
-- nothing to millions of rows faster than its statistics.
create or replace function frontdesk.take_turns(p_org uuid, p_channel text, p_priority smallint, p_count integer) returns bigint
language plpgsql volatile set search_path = frontdesk, pg_temp set enable_seqscan = off
as $$
declare
  v_now bigint;
  v_first bigint;
begin
  select q.turn into v_now from frontdesk.delivery_queue q
  where q.channel = p_channel and q.priority = p_priority and q.turn is not null
  order by q.turn limit 1;
  if v_now is null then
    select l.last_turn + 1 into v_now from frontdesk.delivery_lanes l
    where l.channel = p_channel and l.priority = p_priority
    order by l.last_turn desc limit 1;
  end if;
  v_now := coalesce(v_now, 1);
  insert into frontdesk.delivery_lanes as l (org_id, channel, priority, last_turn)
  values (p_org, p_channel, p_priority, v_now + p_count - 1)
  on conflict (org_id, channel, priority) do update set last_turn = greatest(l.last_turn + 1, v_now) + p_count - 1
  returning l.last_turn - p_count + 1 into v_first;
  return v_first;
end
$$;

-- Takes up deliveries again that were given up (dead letters), at most p_limit: their state is pending again, with as many
-- attempts as at first. Not those of messages that are cancelled or no longer true. Answers how many. For the service role;
-- requests go through redrive_deliveries.
create or replace function frontdesk.redrive(p_org uuid, p_notification uuid, p_channel text, p_reason text, p_ids uuid[],
  p_limit integer) returns integer
language sql volatile set search_path = frontdesk, pg_temp
as $$
  with dead as (
    select l.org_id, l.id, l.notification_id, l.recipient_id, l.channel, l.retry_count, l.status, l.reason,
      frontdesk.priority_rank(n.category, n.priority) as priority
    from frontdesk.notification_logs l
    join frontdesk.notifications n on n.org_id = l.org_id and n.id = l.notification_id
    where l.org_id = p_org and l.status = 'failed' and l.channel <> 'websocket'
      and n.state not in ('draft', 'cancelled', 'expired') and n.expires_at > now()
      and (p_notification is null or l.notification_id = p_notification)
      and (p_channel is null or l.channel = p_channel)
      and (p_reason is null or l.reason = p_reason)
      and (p_ids is null or l.id = any (p_ids))
    order by l.failed_at desc, l.id desc
    limit p_limit
    for update of l skip locked
  ), logs as (
    update frontdesk.notification_logs l set status = 'pending', reason = 'redriven', failed_at = null
    from dead d where l.org_id = d.org_id and l.id = d.id
  ), events as (
    insert into frontdesk.delivery_events (org_id, log_id, id, kind, status, reason)
    select d.org_id, d.id, frontdesk.uuid_v7(), 'redrive', 'pending', d.reason from dead d
  ), queued as (
    insert into frontdesk.delivery_queue
      (org_id, log_id, notification_id, recipient_id, channel, priority, due_at, attempts, attempts_before)
    select d.org_id, d.id, d.notification_id, d.recipient_id, d.channel, d.priority, now(), d.retry_count + 1, d.retry_count + 1
    from dead d
    on conflict do nothing
  ), reopened as (
    update frontdesk.notifications n set state = 'sending'
    where n.org_id = p_org and n.state = 'done' and n.id in (select d.notification_id from dead d)
  )
  select count(*)::integer from dead
$$;

-- The same for staff and service keys of the caller's organization.
create or replace function frontdesk.redrive_deliveries(p_notification uuid, p_channel text, p_reason text, p_ids uuid[])
returns integer
language plpgsql volatile security definer set search_path = frontdesk, pg_temp
as $$
begin
  if frontdesk.org_id() is null or not frontdesk.is_staff() then
    raise exception 'only staff may take deliveries up again' using errcode = 'insufficient_privilege';
  end if;
  return frontdesk.redrive(frontdesk.org_id(), p_notification, p_channel, p_reason, p_ids, 10000);
end
$$;

revoke execute on function frontdesk.take_turns(uuid, text, smallint, integer),
  frontdesk.redrive(uuid, uuid, text, text, uuid[], integer),
  frontdesk.redrive_deliveries(uuid, text, text, uuid[]) from public, anon, authenticated, service_role;
grant execute on function frontdesk.take_turns(uuid, text, smallint, integer),
  frontdesk.redrive(uuid, uuid, text, text, uuid[], integer) to service_role;
grant execute on function frontdesk.redrive_deliveries(uuid, text, text, uuid[]) to authenticated;

-- drop:
drop function if exists frontdesk.redrive_deliveries(uuid, text, text, uuid[]);
drop function if exists frontdesk.redrive(uuid, uuid, text, text, uuid[], integer);
drop function if exists frontdesk.take_turns(uuid, text, smallint, integer);
