-- needs: 0021
-- Notifications, their recipients (the inbox), delivery logs and queue: who may do what.

-- Staff send and see the organization's messages; everybody sees the text of a message through their own inbox row
-- (the view frontdesk.inbox). What staff may change, and when, the trigger move_notification says (62_messages.sql); what a
-- message becomes on its way is the workers' to write.
call frontdesk.guard_table('notifications');
grant select on frontdesk.notifications to authenticated;
grant insert on frontdesk.notifications to authenticated;
grant update (title, content, severity, type, category, priority, channels, audience, related_entity_type, related_entity_id,
  action_url, data, state, scheduled_for, expires_at, acknowledgement, asked_channels, steps, template, contents) on frontdesk.notifications to authenticated;
drop policy if exists notifications_select on frontdesk.notifications;
create policy notifications_select on frontdesk.notifications for select to authenticated
  using (org_id = frontdesk.org_id() and frontdesk.is_staff());
drop policy if exists notifications_insert on frontdesk.notifications;
create policy notifications_insert on frontdesk.notifications for insert to authenticated
  with check (org_id = frontdesk.org_id() and frontdesk.is_staff() and state in ('draft', 'scheduled')
    and sender_id is not distinct from frontdesk.user_id());
drop policy if exists notifications_update on frontdesk.notifications;
create policy notifications_update on frontdesk.notifications for update to authenticated
  using (org_id = frontdesk.org_id() and frontdesk.is_staff())
  with check (org_id = frontdesk.org_id() and state in ('draft', 'scheduled', 'cancelled'));

-- A person sees their own rows, staff the organization's.
call frontdesk.guard_table('notification_recipients');
grant select on frontdesk.notification_recipients to authenticated;
drop policy if exists notification_recipients_select on frontdesk.notification_recipients;
create policy notification_recipients_select on frontdesk.notification_recipients for select to authenticated
  using (org_id = frontdesk.org_id() and (recipient_id = frontdesk.user_id() or frontdesk.is_staff()));

call frontdesk.guard_table('notification_logs');
grant select on frontdesk.notification_logs to authenticated;
drop policy if exists notification_logs_select on frontdesk.notification_logs;
create policy notification_logs_select on frontdesk.notification_logs for select to authenticated
  using (org_id = frontdesk.org_id() and (recipient_id = frontdesk.user_id() or frontdesk.is_staff()));

-- The queue is the workers' alone.
call frontdesk.guard_table('delivery_queue');

call frontdesk.guard_table('realtime_tickets');
grant insert on frontdesk.realtime_tickets to authenticated;
drop policy if exists realtime_tickets_insert on frontdesk.realtime_tickets;
create policy realtime_tickets_insert on frontdesk.realtime_tickets for insert to authenticated
  with check (org_id = frontdesk.org_id() and profile_id = frontdesk.user_id());

-- The place of a priority in every queue: 0 goes first.
create or replace function frontdesk.priority_rank(p_category text, p_priority text) returns smallint
language sql immutable parallel safe
return (case
  when p_category = 'emergency' or p_priority = 'emergency' then 0
  when p_priority = 'urgent' then 1
  when p_priority = 'high' then 2
  when p_priority = 'normal' then 3
  else 4 end)::smallint;

-- The caller's inbox, newest first: their recipient rows with the text of the message. Row security keeps notifications
-- from everybody but staff, so this view runs with its owner's rights and is itself the rule: own rows only. It is a
-- security barrier (a condition of the caller is never tried on a row that is not theirs), and its ORDER BY stands inside
-- because the planner cannot carry one through a barrier: a page then reads 20 rows of the index, not the whole inbox.
create or replace view frontdesk.inbox with (security_barrier) as
select r.org_id, r.recipient_id, r.notification_id,
  case when n.contents is null then n.title
    else coalesce(frontdesk.localized_for(r.org_id, r.recipient_id, n.contents) #>> '{in_app,title}', n.title) end as title,
  case when n.contents is null then n.content
    else coalesce(frontdesk.localized_for(r.org_id, r.recipient_id, n.contents) #>> '{in_app,content}', n.content) end as content,
  n.severity, n.type, n.category, n.priority,
  n.action_url, n.data, s.name as sender_name, r.status, r.seen_at, r.read_at, r.archived_at, r.created_at,
  r.snoozed_until, r.acknowledged_at, r.acknowledgement
from frontdesk.notification_recipients r
join frontdesk.notifications n on n.org_id = r.org_id and n.id = r.notification_id
left join frontdesk.profiles s on s.org_id = n.org_id and s.id = n.sender_id
where r.org_id = frontdesk.org_id() and r.recipient_id = frontdesk.user_id() and r.in_app
order by r.created_at desc, r.notification_id desc;
revoke all on frontdesk.inbox from public, anon, authenticated, service_role;
grant select on frontdesk.inbox to authenticated;

-- Moves the caller's own inbox rows to unread, read or archived; answers how many changed. Null ids: all that are unread.
create or replace function frontdesk.set_inbox_status(p_notification_ids uuid[], p_status text) returns integer
language plpgsql volatile security definer set search_path = frontdesk, pg_temp
as $$
declare
  v_count integer;
begin
  if frontdesk.user_id() is null or frontdesk.org_id() is null then
    raise exception 'only a person has an inbox' using errcode = 'insufficient_privilege';
  end if;
  if p_status is null or p_status not in ('unread', 'read', 'archived') then
    raise exception 'p_status must be unread, read or archived' using errcode = 'invalid_parameter_value';
  end if;
  update frontdesk.notification_recipients r
  set status = p_status,
    seen_at = coalesce(r.seen_at, now()),
    snoozed_until = case when p_status = 'unread' then r.snoozed_until end,
    read_at = case when p_status = 'unread' then null else coalesce(r.read_at, now()) end,
    archived_at = case when p_status = 'archived' then now() end
  where r.org_id = frontdesk.org_id() and r.recipient_id = frontdesk.user_id() and r.in_app and r.status <> p_status
    and case when p_notification_ids is null then r.status = 'unread' else r.notification_id = any (p_notification_ids) end;
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

-- A recipient's device says that it has shown these: their websocket rows become delivered. Answers how many.
create or replace function frontdesk.acknowledge_deliveries(p_log_ids uuid[]) returns integer
language sql volatile security definer set search_path = frontdesk, pg_temp
as $$
  with acknowledged as (
    update frontdesk.notification_logs l
    set status = 'delivered', delivered_at = now(), sent_at = coalesce(l.sent_at, now())
    where l.org_id = frontdesk.org_id() and l.id = any (p_log_ids) and l.recipient_id = frontdesk.user_id()
      and l.channel = 'websocket' and l.status in ('pending', 'sent')
    returning 1)
  select count(*)::integer from acknowledged
$$;

revoke execute on function frontdesk.priority_rank(text, text), frontdesk.set_inbox_status(uuid[], text),
  frontdesk.acknowledge_deliveries(uuid[]) from public, anon, authenticated, service_role;
grant execute on function frontdesk.priority_rank(text, text) to authenticated, service_role;
grant execute on function frontdesk.set_inbox_status(uuid[], text),
  frontdesk.acknowledge_deliveries(uuid[]) to authenticated;

-- drop:
drop function if exists frontdesk.acknowledge_deliveries(uuid[]);
drop function if exists frontdesk.set_inbox_status(uuid[], text);
drop view if exists frontdesk.inbox;
drop function if exists frontdesk.priority_rank(text, text);
