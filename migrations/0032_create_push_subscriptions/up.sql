-- Where to push: a person's browsers and telephones.
create table frontdesk.push_subscriptions (
  org_id uuid not null,
  id uuid not null,
  profile_id uuid not null,
  kind text not null,
  -- Web Push: the address of the browser's push service. FCM and APNs: the device's token.
  token text not null,
  -- SHA-256 of the token, which is too long for an index.
  token_hash bytea not null,
  -- Web Push (RFC 8291): the browser's public key and its secret.
  p256dh bytea,
  auth bytea,
  name text,
  created_at timestamptz not null default now(),
  constraint push_subscriptions_pkey primary key (org_id, id),
  constraint uq_push_subscriptions_token unique (org_id, kind, token_hash),
  constraint push_subscriptions_profile_fk foreign key (org_id, profile_id)
    references frontdesk.profiles (org_id, id) on delete cascade,
  constraint push_subscriptions_kind_check check (kind in ('webpush', 'fcm', 'apns')),
  constraint push_subscriptions_token_check check (length(token) between 1 and 4096),
  constraint push_subscriptions_hash_check check (length(token_hash) = 32),
  constraint push_subscriptions_name_check check (length(name) between 1 and 100),
  constraint push_subscriptions_keys_check check (
    case when kind = 'webpush' then length(p256dh) = 65 and length(auth) = 16 else p256dh is null and auth is null end)
);
create index idx_push_subscriptions_profile on frontdesk.push_subscriptions (org_id, profile_id, created_at);
alter table frontdesk.push_subscriptions enable row level security;
alter table frontdesk.push_subscriptions force row level security;
