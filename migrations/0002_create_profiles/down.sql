drop table frontdesk.service_keys;
drop table frontdesk.profiles;
