insert into frontdesk.suppressions (org_id, channel, address, reason, detail)
select o.id, 'email', 'gone@example.test', 'bounced', '550 5.1.1 unknown user' from frontdesk.organizations o;
