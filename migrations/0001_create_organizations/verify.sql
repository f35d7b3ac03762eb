do $$
begin
  assert to_regclass('frontdesk.organizations') is not null, 'table organizations is missing';
  assert (select relrowsecurity and relforcerowsecurity from pg_catalog.pg_class where oid = 'frontdesk.organizations'::regclass),
    'organizations lacks forced row security';
end
$$;
