-- The same four people in both organizations; the ids end in what they are: 1 admin, 2 parent, 3 student, 4 teacher.
insert into frontdesk.profiles (org_id, id, role, name, email, phone, source, external_id)
select o.id, ('10000000-0000-4000-8000-00000000000' || p.n)::uuid, p.role, p.name || ' ' || o.slug,
  lower(p.name) || '@' || o.slug || '.test', '+1555010' || p.n, 'clever', p.n
from frontdesk.organizations o
cross join (values ('1', 'admin', 'Ada'), ('2', 'parent', 'Pat'), ('3', 'student', 'Sam'), ('4', 'teacher', 'Tom')) p (n, role, name);

insert into frontdesk.service_keys (org_id, id, name, secret_hash)
select o.id, '20000000-0000-4000-8000-000000000001', 'Server', sha256(o.slug::bytea) from frontdesk.organizations o;
