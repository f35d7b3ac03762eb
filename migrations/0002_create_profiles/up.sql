-- A profile is a person's membership in one organization; the same person may have one in several.
create table frontdesk.profiles (
  org_id uuid not null constraint profiles_org_fk references frontdesk.organizations (id) on delete cascade,
  id uuid not null,
  role text not null,
  status text not null default 'active',
  name text not null,
  email text,
  phone text,
  locale text,
  timezone text,
  -- Where an import found this person ('clever') and what that source calls them; null for people made by hand.
  source text,
  external_id text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint profiles_pkey primary key (org_id, id),
  constraint profiles_role_check check (role in ('admin', 'staff', 'teacher', 'parent', 'student')),
  constraint profiles_status_check check (status in ('active', 'inactive')),
  constraint profiles_name_check check (length(name) between 1 and 200),
  -- Stored in lower case, so that looking somebody up needs only leak-proof equality.
  constraint profiles_email_check check (email = lower(email) and length(email) <= 254 and email ~ '^[^@[:space:]]+@[^@[:space:]]+$'),
  constraint profiles_phone_check check (length(phone) <= 40),
  constraint profiles_source_check check ((source is null) = (external_id is null)),
  constraint uq_profiles_external unique (org_id, source, external_id)
);
create index idx_profiles_org_role on frontdesk.profiles (org_id, role, id);
create index idx_profiles_org_email on frontdesk.profiles (org_id, email) where email is not null;
create index idx_profiles_org_name on frontdesk.profiles (org_id, name, id);
alter table frontdesk.profiles enable row level security;
alter table frontdesk.profiles force row level security;

-- Keys of an organization's own servers. Only the SHA-256 of the secret is kept; the secret is shown once.
create table frontdesk.service_keys (
  org_id uuid not null constraint service_keys_org_fk references frontdesk.organizations (id) on delete cascade,
  id uuid not null,
  name text not null,
  secret_hash bytea not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  constraint service_keys_pkey primary key (org_id, id),
  constraint service_keys_name_check check (length(name) between 1 and 100),
  constraint service_keys_secret_hash_check check (length(secret_hash) = 32)
);
alter table frontdesk.service_keys enable row level security;
alter table frontdesk.service_keys force row level security;
