drop table frontdesk.profile_identities;
drop table frontdesk.organization_identities;
