-- Ids of identity providers that are no UUIDs (Auth0, Clerk, Zitadel …), and who they are here.
create table frontdesk.organization_identities (
  org_id uuid not null constraint organization_identities_org_fk references frontdesk.organizations (id) on delete cascade,
  issuer text not null,
  external_id text not null,
  created_at timestamptz not null default now(),
  constraint organization_identities_pkey primary key (org_id, issuer, external_id),
  constraint organization_identities_text_check check (length(issuer) <= 500 and length(external_id) between 1 and 200),
  -- One organization of the provider is one here. Only the service role writes, so this tells no tenant about others.
  constraint uq_organization_identities unique (issuer, external_id)
);

create table frontdesk.profile_identities (
  org_id uuid not null,
  issuer text not null,
  external_id text not null,
  profile_id uuid not null,
  created_at timestamptz not null default now(),
  constraint profile_identities_pkey primary key (org_id, issuer, external_id),
  constraint profile_identities_profile_fk foreign key (org_id, profile_id)
    references frontdesk.profiles (org_id, id) on delete cascade,
  constraint profile_identities_text_check check (length(issuer) <= 500 and length(external_id) between 1 and 200)
);
create index idx_profile_identities_profile on frontdesk.profile_identities (org_id, profile_id);

do $$
declare
  v_table text;
begin
  foreach v_table in array array['organization_identities', 'profile_identities']
  loop
    execute format('alter table frontdesk.%I enable row level security', v_table);
    execute format('alter table frontdesk.%I force row level security', v_table);
  end loop;
end
$$;
