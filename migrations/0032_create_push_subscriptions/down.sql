drop table frontdesk.push_subscriptions;
