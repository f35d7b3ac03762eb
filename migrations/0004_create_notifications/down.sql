drop table frontdesk.realtime_tickets;
drop table frontdesk.delivery_queue;
drop table frontdesk.notification_logs;
drop table frontdesk.notification_recipients;
drop table frontdesk.notifications;
