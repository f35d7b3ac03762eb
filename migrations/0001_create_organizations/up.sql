-- The tenants. Everything else carries org_id and points here.
create table frontdesk.organizations (
  id uuid primary key,
  name text not null,
  slug text not null,
  kind text not null,
  timezone text not null default 'UTC',
  locale text not null default 'en',
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint organizations_name_check check (length(name) between 1 and 200),
  constraint organizations_slug_check check (slug ~ '^[a-z0-9](-?[a-z0-9])*$' and length(slug) <= 63),
  constraint organizations_kind_check check (kind in ('school', 'clinic', 'other')),
  -- Only the service role inserts here, so this global constraint tells no tenant what others have.
  constraint uq_organizations_slug unique (slug)
);
alter table frontdesk.organizations enable row level security;
alter table frontdesk.organizations force row level security;
