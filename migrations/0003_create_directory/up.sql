-- Who is in which class, and whose parent is who. External ids are text: schools write '6' and '10B'.
create table frontdesk.schools (
  org_id uuid not null constraint schools_org_fk references frontdesk.organizations (id) on delete cascade,
  id uuid not null,
  external_id text not null,
  name text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint schools_pkey primary key (org_id, id),
  constraint schools_name_check check (length(name) between 1 and 200),
  constraint uq_schools_external unique (org_id, external_id)
);

create table frontdesk.grades (
  org_id uuid not null constraint grades_org_fk references frontdesk.organizations (id) on delete cascade,
  id uuid not null,
  external_id text not null,
  name text not null,
  -- Order in lists; kindergarten before 1 before 10.
  position integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint grades_pkey primary key (org_id, id),
  constraint grades_name_check check (length(name) between 1 and 100),
  constraint uq_grades_external unique (org_id, external_id)
);

create table frontdesk.classes (
  org_id uuid not null,
  id uuid not null,
  external_id text not null,
  name text not null,
  course text,
  period text,
  school_id uuid,
  grade_id uuid,
  starts_on date,
  ends_on date,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint classes_pkey primary key (org_id, id),
  constraint classes_org_fk foreign key (org_id) references frontdesk.organizations (id) on delete cascade,
  constraint classes_school_fk foreign key (org_id, school_id) references frontdesk.schools (org_id, id),
  constraint classes_grade_fk foreign key (org_id, grade_id) references frontdesk.grades (org_id, id),
  constraint classes_name_check check (length(name) between 1 and 200),
  constraint classes_term_check check (ends_on >= starts_on),
  constraint uq_classes_external unique (org_id, external_id)
);
create index idx_classes_org_grade on frontdesk.classes (org_id, grade_id);
create index idx_classes_org_school on frontdesk.classes (org_id, school_id);

-- A student is a profile with the role student and what only students have.
create table frontdesk.students (
  org_id uuid not null,
  id uuid not null,
  school_id uuid,
  grade_id uuid,
  student_number text,
  date_of_birth date,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint students_pkey primary key (org_id, id),
  constraint students_profile_fk foreign key (org_id, id) references frontdesk.profiles (org_id, id) on delete cascade,
  constraint students_school_fk foreign key (org_id, school_id) references frontdesk.schools (org_id, id),
  constraint students_grade_fk foreign key (org_id, grade_id) references frontdesk.grades (org_id, id)
);
create index idx_students_org_grade on frontdesk.students (org_id, grade_id);
create index idx_students_org_school on frontdesk.students (org_id, school_id);

create table frontdesk.enrollments (
  org_id uuid not null,
  class_id uuid not null,
  student_id uuid not null,
  source text,
  created_at timestamptz not null default now(),
  constraint enrollments_pkey primary key (org_id, class_id, student_id),
  constraint enrollments_class_fk foreign key (org_id, class_id) references frontdesk.classes (org_id, id) on delete cascade,
  constraint enrollments_student_fk foreign key (org_id, student_id) references frontdesk.students (org_id, id) on delete cascade
);
create index idx_enrollments_org_student on frontdesk.enrollments (org_id, student_id);

create table frontdesk.class_teachers (
  org_id uuid not null,
  class_id uuid not null,
  teacher_id uuid not null,
  -- 1 is the teacher of record, higher ones assist.
  position smallint not null default 1,
  source text,
  created_at timestamptz not null default now(),
  constraint class_teachers_pkey primary key (org_id, class_id, teacher_id),
  constraint class_teachers_class_fk foreign key (org_id, class_id) references frontdesk.classes (org_id, id) on delete cascade,
  constraint class_teachers_teacher_fk foreign key (org_id, teacher_id) references frontdesk.profiles (org_id, id) on delete cascade
);
create index idx_class_teachers_org_teacher on frontdesk.class_teachers (org_id, teacher_id);

create table frontdesk.guardians (
  org_id uuid not null,
  student_id uuid not null,
  guardian_id uuid not null,
  -- As the school writes it: Mother, Grandfather, Family Friend …
  relationship text not null,
  source text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint guardians_pkey primary key (org_id, student_id, guardian_id),
  constraint guardians_student_fk foreign key (org_id, student_id) references frontdesk.students (org_id, id) on delete cascade,
  constraint guardians_guardian_fk foreign key (org_id, guardian_id) references frontdesk.profiles (org_id, id) on delete cascade,
  constraint guardians_relationship_check check (length(relationship) between 1 and 100)
);
create index idx_guardians_org_guardian on frontdesk.guardians (org_id, guardian_id);

do $$
declare
  v_table text;
begin
  foreach v_table in array array['schools', 'grades', 'classes', 'students', 'enrollments', 'class_teachers', 'guardians']
  loop
    execute format('alter table frontdesk.%I enable row level security', v_table);
    execute format('alter table frontdesk.%I force row level security', v_table);
  end loop;
end
$$;
