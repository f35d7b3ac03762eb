do $$
begin
  if to_regclass('frontdesk.delivery_lanes') is null or to_regclass('frontdesk.delivery_events') is null then
    raise exception 'frontdesk.delivery_lanes or frontdesk.delivery_events is missing';
  end if;
  if to_regclass('frontdesk.idx_delivery_queue_ready') is null or to_regclass('frontdesk.idx_delivery_queue_waiting') is null then
    raise exception 'an index of frontdesk.delivery_queue is missing';
  end if;
  if (select count(*) from pg_attribute where attrelid = 'frontdesk.delivery_queue'::regclass
      and attname in ('recipient_id', 'turn', 'attempts_before', 'only_if') and not attisdropped) <> 4 then
    raise exception 'a column of frontdesk.delivery_queue is missing';
  end if;
end
$$;
