do $$
declare
  v_table text;
begin
  foreach v_table in array array['user_sessions']
  loop
    assert to_regclass('frontdesk.' || v_table) is not null, format('table %s is missing', v_table);
    assert (select relrowsecurity and relforcerowsecurity from pg_catalog.pg_class where oid = to_regclass('frontdesk.' || v_table)),
      format('%s lacks forced row security', v_table);
    assert (select attname = 'org_id' from pg_catalog.pg_index i
            join pg_catalog.pg_attribute a on a.attrelid = i.indrelid and a.attnum = i.indkey[0]
            where i.indrelid = to_regclass('frontdesk.' || v_table) and i.indisprimary),
      format('the primary key of %s does not begin with org_id', v_table);
  end loop;
end
$$;
