do $$
begin
  if to_regclass('frontdesk.suppressions') is null then
    raise exception 'frontdesk.suppressions is missing';
  end if;
end
$$;
