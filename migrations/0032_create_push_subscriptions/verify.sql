do $$
begin
  if to_regclass('frontdesk.push_subscriptions') is null then
    raise exception 'frontdesk.push_subscriptions is missing';
  end if;
end
$$;
