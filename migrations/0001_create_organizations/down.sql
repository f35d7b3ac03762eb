drop table frontdesk.organizations;
