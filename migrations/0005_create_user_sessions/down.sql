drop table frontdesk.user_sessions;
