-- needs: 0021
-- Templates: staff read and write their organization's; a version that was written stays as it is.
call frontdesk.guard_table('templates');
grant select, insert, delete on frontdesk.templates to authenticated;
drop policy if exists templates_select on frontdesk.templates;
create policy templates_select on frontdesk.templates for select to authenticated
  using (org_id = frontdesk.org_id() and frontdesk.is_staff());
drop policy if exists templates_insert on frontdesk.templates;
create policy templates_insert on frontdesk.templates for insert to authenticated
  with check (org_id = frontdesk.org_id() and frontdesk.is_staff());
drop policy if exists templates_delete on frontdesk.templates;
create policy templates_delete on frontdesk.templates for delete to authenticated
  using (org_id = frontdesk.org_id() and frontdesk.is_staff());

-- The rendering for somebody with this language, of those there are: theirs, their language's ('de' for 'de-CH'), the
-- organization's, the organization's language's, English, any. Null when there is none at all.
create or replace function frontdesk.localized(p_contents jsonb, p_locale text, p_fallback text) returns jsonb
language sql immutable parallel safe
return coalesce(
  p_contents -> p_locale,
  p_contents -> split_part(p_locale, '-', 1),
  p_contents -> p_fallback,
  p_contents -> split_part(p_fallback, '-', 1),
  p_contents -> 'en',
  (select value from jsonb_each(p_contents) order by key limit 1));

-- The same for a person of an organization. Runs with the caller's rights: who may not see the person gets the
-- organization's language.
create or replace function frontdesk.localized_for(p_org_id uuid, p_profile_id uuid, p_contents jsonb) returns jsonb
language sql stable parallel safe
return frontdesk.localized(p_contents,
  (select p.locale from frontdesk.profiles p where p.org_id = p_org_id and p.id = p_profile_id),
  (select o.locale from frontdesk.organizations o where o.id = p_org_id));

revoke execute on function frontdesk.localized(jsonb, text, text), frontdesk.localized_for(uuid, uuid, jsonb)
  from public, anon, authenticated, service_role;
grant execute on function frontdesk.localized(jsonb, text, text), frontdesk.localized_for(uuid, uuid, jsonb)
  to authenticated, service_role;

-- drop:
drop function if exists frontdesk.localized_for(uuid, uuid, jsonb);
drop function if exists frontdesk.localized(jsonb, text, text);
