-- Two organizations; everything below fills both alike, with the same ids where the key allows it.
insert into frontdesk.organizations (id, name, slug, kind, settings) values
  ('a0000000-0000-4000-8000-00000000000a', 'Ash School', 'ash', 'school', '{"sessions": {"idle_minutes": 600}}'),
  ('b0000000-0000-4000-8000-00000000000b', 'Birch Clinic', 'birch', 'clinic', '{}');
