insert into frontdesk.push_subscriptions (org_id, id, profile_id, kind, token, token_hash, name)
select p.org_id, gen_random_uuid(), p.id, 'fcm', 'token of ' || p.id, sha256(p.id::text::bytea), 'Telephone' from frontdesk.profiles p;
