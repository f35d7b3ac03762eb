create type public.mood as enum ('good', 'bad');
create table public.authors (id bigint generated always as identity primary key, name text not null unique, mood public.mood);
create table public.profiles (id uuid primary key default gen_random_uuid(), author_id bigint references public.authors on delete cascade,
  settings jsonb not null default '{}');
create index on public.profiles using gin (settings);
create view public.happy_authors as select name from public.authors where mood = 'good';
create function public.stamp() returns trigger language plpgsql as $$ begin new.name := trim(new.name); return new; end $$;
create trigger stamp before insert or update on public.authors for each row execute function public.stamp();
alter table public.profiles enable row level security;
create policy everybody on public.profiles for select using (true);
grant select on public.authors to public;
create schema shop;
create sequence shop.numbers start 41;
create table shop.orders (number bigint primary key default nextval('shop.numbers'), placed_at timestamptz not null, total numeric(10, 2));
insert into public.authors (name, mood) values (' Ursula ', 'good'), ('Italo', 'bad'), ('Zoë', null);
insert into public.profiles (author_id, settings) select id, jsonb_build_object('theme', name) from public.authors;
insert into shop.orders (placed_at, total) values ('2026-01-02 03:04:05+00', 12.50), ('2026-02-03 04:05:06+00', 0.99);
delete from public.authors where name = 'Italo';
comment on table shop.orders is 'What people bought';
