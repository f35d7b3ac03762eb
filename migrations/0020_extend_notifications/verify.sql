do $$
declare
  v_table text;
begin
  foreach v_table in array array['notification_history', 'idempotent_requests', 'notification_policies']
  loop
    if to_regclass('frontdesk.' || v_table) is null then
      raise exception 'frontdesk.% is missing', v_table;
    end if;
  end loop;
  if (select count(*) from pg_attribute a
      where a.attrelid = 'frontdesk.notifications'::regclass and not a.attisdropped
        and a.attname in ('version', 'acknowledgement', 'steps', 'next_step', 'next_step_at', 'step_to', 'audience_total',
          'ended_at', 'swept', 'final_totals')) <> 10 then
    raise exception 'a column of frontdesk.notifications is missing';
  end if;
end
$$;
