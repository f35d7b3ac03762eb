insert into frontdesk.schools (org_id, id, external_id, name)
select o.id, '30000000-0000-4000-8000-000000000001', '1', 'North' from frontdesk.organizations o;
insert into frontdesk.grades (org_id, id, external_id, name, position)
select o.id, '30000000-0000-4000-8000-000000000002', '6', 'Grade 6', 6 from frontdesk.organizations o;
insert into frontdesk.classes (org_id, id, external_id, name, school_id, grade_id)
select o.id, '30000000-0000-4000-8000-000000000003', '10B', 'Class 10B', '30000000-0000-4000-8000-000000000001',
  '30000000-0000-4000-8000-000000000002' from frontdesk.organizations o;
insert into frontdesk.students (org_id, id, school_id, grade_id, student_number, date_of_birth)
select o.id, '10000000-0000-4000-8000-000000000003', '30000000-0000-4000-8000-000000000001',
  '30000000-0000-4000-8000-000000000002', '17', '2014-02-03' from frontdesk.organizations o;
insert into frontdesk.enrollments (org_id, class_id, student_id, source)
select o.id, '30000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000003', 'clever' from frontdesk.organizations o;
insert into frontdesk.class_teachers (org_id, class_id, teacher_id)
select o.id, '30000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000004' from frontdesk.organizations o;
insert into frontdesk.guardians (org_id, student_id, guardian_id, relationship)
select o.id, '10000000-0000-4000-8000-000000000003', '10000000-0000-4000-8000-000000000002', 'Mother' from frontdesk.organizations o;
