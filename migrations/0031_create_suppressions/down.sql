drop table frontdesk.suppressions;
