drop table frontdesk.delivery_events;
drop index frontdesk.idx_notification_logs_failed;
alter table frontdesk.notification_logs drop column units, drop column answer, drop column provider;
drop index frontdesk.idx_delivery_queue_waiting;
drop index frontdesk.idx_delivery_queue_ready;
create index idx_delivery_queue_due on frontdesk.delivery_queue (channel, priority, due_at);
alter table frontdesk.delivery_queue
  drop constraint delivery_queue_only_if_check,
  drop column only_if, drop column attempts_before, drop column turn, drop column recipient_id;
drop table frontdesk.delivery_lanes;
