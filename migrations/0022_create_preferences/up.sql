-- What people want to hear by which way, when they want quiet, and whether mail is gathered into one.
create table frontdesk.notification_preferences (
  org_id uuid not null,
  profile_id uuid not null,
  -- Which set of them; so far only 'all'.
  name text not null,
  -- category.channel: 'announcement.email' …; null: the organization's defaults.
  muted text[],
  digest text,
  -- In the person's own time zone; equal: no quiet hours; null: the organization's.
  quiet_from time,
  quiet_to time,
  -- IANA name; null: the profile's, or the organization's.
  timezone text,
  updated_at timestamptz not null default now(),
  constraint notification_preferences_pkey primary key (org_id, profile_id, name),
  constraint notification_preferences_profile_fk foreign key (org_id, profile_id)
    references frontdesk.profiles (org_id, id) on delete cascade,
  constraint notification_preferences_digest_check check (digest in ('off', 'hourly', 'daily', 'weekly')),
  constraint notification_preferences_quiet_check check ((quiet_from is null) = (quiet_to is null))
);

-- What holds for who has said nothing.
create table frontdesk.preference_defaults (
  org_id uuid not null constraint preference_defaults_org_fk references frontdesk.organizations (id) on delete cascade,
  -- For whom; so far only 'everyone'.
  name text not null,
  muted text[] not null default '{}',
  digest text not null default 'off',
  quiet_from time,
  quiet_to time,
  updated_at timestamptz not null default now(),
  constraint preference_defaults_pkey primary key (org_id, name),
  constraint preference_defaults_digest_check check (digest in ('off', 'hourly', 'daily', 'weekly')),
  constraint preference_defaults_quiet_check check ((quiet_from is null) = (quiet_to is null))
);

-- Mails that wait for a person's digest.
create table frontdesk.digest_items (
  org_id uuid not null,
  profile_id uuid not null,
  log_id uuid not null,
  notification_id uuid not null,
  due_at timestamptz not null,
  constraint digest_items_pkey primary key (org_id, profile_id, log_id),
  constraint digest_items_log_fk foreign key (org_id, log_id)
    references frontdesk.notification_logs (org_id, id) on delete cascade
);
create index idx_digest_items_due on frontdesk.digest_items (due_at);
create index idx_digest_items_log on frontdesk.digest_items (org_id, log_id);

-- Secrets that links in mails are signed with. The service role's alone.
create table frontdesk.signing_keys (
  org_id uuid not null constraint signing_keys_org_fk references frontdesk.organizations (id) on delete cascade,
  -- What for; so far only 'links'.
  purpose text not null,
  inner_key bytea not null,
  outer_key bytea not null,
  created_at timestamptz not null default now(),
  constraint signing_keys_pkey primary key (org_id, purpose),
  constraint signing_keys_inner_key_check check (length(inner_key) = 64),
  constraint signing_keys_outer_key_check check (length(outer_key) = 64)
);

do $$
declare
  v_table text;
begin
  foreach v_table in array array['notification_preferences', 'preference_defaults', 'digest_items', 'signing_keys']
  loop
    execute format('alter table frontdesk.%I enable row level security', v_table);
    execute format('alter table frontdesk.%I force row level security', v_table);
  end loop;
end
$$;
