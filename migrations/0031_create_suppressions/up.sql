-- Addresses that must not be sent to any more: they came back, or their owner complained to the provider.
create table frontdesk.suppressions (
  org_id uuid not null constraint suppressions_org_fk references frontdesk.organizations (id) on delete cascade,
  channel text not null,
  -- A mail address in lower case, or a telephone number.
  address text not null,
  reason text not null,
  detail text,
  created_at timestamptz not null default now(),
  constraint suppressions_pkey primary key (org_id, channel, address),
  constraint suppressions_channel_check check (channel in ('email', 'sms')),
  constraint suppressions_address_check check (length(address) between 1 and 320 and address = lower(address)),
  constraint suppressions_reason_check check (reason in ('bounced', 'complained', 'unsubscribed', 'manual')),
  constraint suppressions_detail_check check (length(detail) <= 1000)
);
create index idx_suppressions_org_created on frontdesk.suppressions (org_id, created_at desc, address);
alter table frontdesk.suppressions enable row level security;
alter table frontdesk.suppressions force row level security;
