-- Templates of messages, a new row for each version; and what a message's template was rendered to.
create table frontdesk.templates (
  org_id uuid not null constraint templates_org_fk references frontdesk.organizations (id) on delete cascade,
  key text not null,
  version integer not null,
  -- By locale, then by channel: {"en": {"in_app": {"title", "content"}, "email": {"subject", "text", "mjml"}, …}}.
  contents jsonb not null,
  created_by uuid,
  created_at timestamptz not null default now(),
  constraint templates_pkey primary key (org_id, key, version),
  constraint templates_key_check check (key ~ '^[a-z][a-z0-9_.]{0,62}$'),
  constraint templates_version_check check (version > 0),
  constraint templates_contents_check check (jsonb_typeof(contents) = 'object')
);
alter table frontdesk.templates enable row level security;
alter table frontdesk.templates force row level security;

alter table frontdesk.notifications
  -- Which template it was made of, with its data: {"key", "version", "data"}.
  add column template jsonb,
  -- What that came to, by locale and channel. Null: title and content are all there is.
  add column contents jsonb;
