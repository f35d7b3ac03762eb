-- Who is signed in where: one active session for each person and organization (the school seed's user_sessions).
create table frontdesk.user_sessions (
  org_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  -- SHA-256 of the session token, which only its device has.
  token_hash bytea not null,
  -- The identity provider's own session (claim session_id), where its tokens carry one: they end with ours.
  provider_session_id text,
  is_active boolean not null default true,
  last_active timestamptz not null default now(),
  device_type text,
  -- A keyed hash of the device's fingerprint, never the fingerprint.
  device_id bytea,
  user_agent text,
  ip_address inet,
  city text,
  country text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  terminated_at timestamptz,
  termination_reason text,
  constraint user_sessions_pkey primary key (org_id, id),
  constraint user_sessions_user_fk foreign key (org_id, user_id) references frontdesk.profiles (org_id, id) on delete cascade,
  constraint uq_user_sessions_token unique (org_id, token_hash),
  constraint user_sessions_token_hash_check check (length(token_hash) = 32),
  constraint user_sessions_device_type_check check (device_type in ('web', 'mobile_ios', 'mobile_android', 'desktop')),
  constraint user_sessions_device_id_check check (length(device_id) = 32),
  constraint user_sessions_user_agent_check check (length(user_agent) <= 1000),
  constraint user_sessions_place_check check (length(city) <= 200 and length(country) <= 200),
  constraint user_sessions_termination_check check (
    is_active = (terminated_at is null) and is_active = (termination_reason is null)),
  constraint user_sessions_termination_reason_check check (
    termination_reason in ('new_login', 'timeout', 'expired', 'manual', 'admin'))
);
-- The judge over simultaneous logins.
create unique index uq_user_sessions_active on frontdesk.user_sessions (org_id, user_id) where is_active;
create index idx_user_sessions_org_user on frontdesk.user_sessions (org_id, user_id, created_at desc);
create index idx_user_sessions_provider on frontdesk.user_sessions (org_id, provider_session_id)
  where provider_session_id is not null;
alter table frontdesk.user_sessions enable row level security;
alter table frontdesk.user_sessions force row level security;
