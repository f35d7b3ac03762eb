-- Ends the claims of deliveries that were not begun, as if they had not been made. They keep their turns.
-- $1 org ids, $2 log ids, $3 attempts
update frontdesk.delivery_queue q set leased_until = null, attempts = q.attempts - 1
from unnest($1::uuid[], $2::uuid[], $3::smallint[]) as r (org_id, log_id, attempt)
where q.org_id = r.org_id and q.log_id = r.log_id and q.attempts = r.attempt
