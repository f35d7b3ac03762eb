drop table frontdesk.signing_keys;
drop table frontdesk.digest_items;
drop table frontdesk.preference_defaults;
drop table frontdesk.notification_preferences;
