do $$
declare
  v_table text;
begin
  foreach v_table in array array['notification_preferences', 'preference_defaults', 'digest_items', 'signing_keys']
  loop
    if to_regclass('frontdesk.' || v_table) is null then
      raise exception 'frontdesk.% is missing', v_table;
    end if;
  end loop;
end
$$;
