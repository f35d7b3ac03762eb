do $$
begin
  if to_regclass('frontdesk.templates') is null then
    raise exception 'frontdesk.templates is missing';
  end if;
  if (select count(*) from pg_attribute a where a.attrelid = 'frontdesk.notifications'::regclass and not a.attisdropped
        and a.attname in ('template', 'contents')) <> 2 then
    raise exception 'a column of frontdesk.notifications is missing';
  end if;
end
$$;
