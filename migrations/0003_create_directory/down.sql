drop table frontdesk.guardians;
drop table frontdesk.class_teachers;
drop table frontdesk.enrollments;
drop table frontdesk.students;
drop table frontdesk.classes;
drop table frontdesk.grades;
drop table frontdesk.schools;
