insert into frontdesk.templates (org_id, key, version, contents)
select o.id, 'fees.due', 1, '{"en": {"in_app": {"title": "Fees", "content": ""}}}' from frontdesk.organizations o;
