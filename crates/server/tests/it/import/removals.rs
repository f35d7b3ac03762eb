//! Who is missing from the files.

use frontdesk::directory::import::{Counts, ImportError, Kind, Options, Removals};

use super::district::{District, School, options};

/// Without the student 9, their parent, and what links them.
fn without_nine() -> District {
    let district = District::small();
    district.remove_lines("students.csv", "Kid9");
    district.remove_lines("enrollments.csv", "S,9,");
    district
}

#[tokio::test]
async fn who_is_missing_is_deactivated_and_active_again_when_back() {
    let school = School::new().await;
    school.import(&District::small()).await.unwrap();
    let before = school.lines("").await;

    let report = school.import(&without_nine()).await.unwrap();
    let gone = |unchanged, removed| Counts {
        unchanged,
        removed,
        ..Counts::default()
    };
    assert_eq!(report.of(Kind::Students), gone(9, 1));
    assert_eq!(report.of(Kind::Parents), gone(9, 1));
    assert_eq!(report.of(Kind::Guardians), gone(9, 1));
    assert_eq!(report.of(Kind::Enrollments), gone(18, 2));
    assert_eq!(report.of(Kind::Teachers), gone(2, 0));
    assert!(school.lines("profile student:9|").await[0].contains("|inactive|"));
    assert!(school.lines("profile contact:parent9@").await[0].contains("|inactive|"));
    assert!(school.lines("|student:9").await.is_empty());
    let again = school.import(&without_nine()).await.unwrap();
    assert_eq!(again.of(Kind::Students), gone(9, 0));

    let report = school.import(&District::small()).await.unwrap();
    let back = |inserted, updated, unchanged| Counts {
        inserted,
        updated,
        unchanged,
        ..Counts::default()
    };
    assert_eq!(report.of(Kind::Students), back(0, 1, 9));
    assert_eq!(report.of(Kind::Parents), back(0, 1, 9));
    assert_eq!(report.of(Kind::Guardians), back(1, 0, 9));
    assert_eq!(report.of(Kind::Enrollments), back(2, 0, 18));
    assert_eq!(school.lines("").await, before);
}

#[tokio::test]
async fn a_class_that_is_gone_stays_without_people() {
    let school = School::new().await;
    school.import(&District::small()).await.unwrap();
    let district = District::small();
    district.remove_lines("sections.csv", "Biology");
    district.remove_lines("enrollments.csv", ",B");
    let report = school
        .import_with(
            &district,
            Options {
                allow_removals: true,
                ..options()
            },
        )
        .await
        .unwrap();
    assert_eq!(report.of(Kind::Enrollments).removed, 10);
    assert_eq!(report.of(Kind::ClassTeachers).removed, 1);
    assert_eq!(school.lines("class B|").await.len(), 1);
    assert!(school.lines(" B|").await.iter().all(|line| line.starts_with("class ")));
}

#[tokio::test]
async fn more_than_a_fifth_goes_only_when_allowed() {
    let school = School::new().await;
    school.import(&District::small()).await.unwrap();
    let before = school.all_rows().await;
    let district = District::small();
    for n in 1..=3 {
        district.remove_lines("students.csv", &format!("Kid{n},"));
        district.remove_lines("enrollments.csv", &format!("S,{n},"));
    }
    for dry_run in [true, false] {
        let error = school
            .import_with(&district, Options { dry_run, ..options() })
            .await
            .unwrap_err();
        let text = error.to_string();
        let ImportError::TooManyRemovals(removals) = error else {
            panic!("{text}")
        };
        let kinds = [
            (Kind::Students, 3, 10),
            (Kind::Parents, 3, 10),
            (Kind::Enrollments, 6, 20),
            (Kind::Guardians, 3, 10),
        ];
        assert_eq!(removals, kinds.map(|(kind, going, of)| Removals { kind, going, of }));
        assert_eq!(
            text,
            "these files lack 3 of 10 students, 3 of 10 parents, 6 of 20 enrollments, 3 of 10 guardians, more than a fifth. \
             Nothing was imported. If that is what you want, run it again with --allow-removals"
        );
    }
    assert_eq!(school.all_rows().await, before);
    let report = school
        .import_with(
            &district,
            Options {
                allow_removals: true,
                ..options()
            },
        )
        .await
        .unwrap();
    assert_eq!(report.of(Kind::Students).removed, 3);
}

#[tokio::test]
async fn a_file_with_a_wrong_row_removes_nobody() {
    let school = School::new().await;
    school.import(&District::small()).await.unwrap();
    let district = without_nine();
    district.append("students.csv", "X,12,N12,No,School,,5,,,,,\n");
    let report = school.import(&district).await.unwrap();
    assert_eq!(
        report.notes,
        ["students.csv has wrong rows, so nothing that is missing from it was removed."]
    );
    assert_eq!(
        report.of(Kind::Students).removed + report.of(Kind::Parents).removed + report.of(Kind::Guardians).removed,
        0
    );
    // The enrollments are a file of their own.
    assert_eq!(report.of(Kind::Enrollments).removed, 2);
    assert!(school.lines("profile student:9|").await[0].contains("|active|"));
}

#[tokio::test]
async fn what_people_made_by_hand_is_never_touched() {
    let school = School::new().await;
    school.import(&District::small()).await.unwrap();
    school
        .sql(
            "insert into frontdesk.profiles (org_id, id, role, name, email)
               select id, gen_random_uuid(), role, 'By Hand', 'parent1@home.example'
               from frontdesk.organizations, unnest(array['parent', 'student', 'teacher', 'admin']) role;
             insert into frontdesk.students (org_id, id)
               select org_id, id from frontdesk.profiles where name = 'By Hand' and role = 'student';
             -- Links of imported people, made or changed by hand.
             insert into frontdesk.guardians (org_id, student_id, guardian_id, relationship)
               select s.org_id, s.id, g.id, 'Neighbour' from frontdesk.profiles s, frontdesk.profiles g
               where s.external_id = 'student:1' and g.external_id = 'contact:parent9@home.example';
             update frontdesk.guardians set source = null, relationship = 'Aunt' where student_id =
               (select id from frontdesk.profiles where external_id = 'student:2');
             update frontdesk.enrollments set source = null where student_id =
               (select id from frontdesk.profiles where external_id = 'student:9');
             -- A teacher who became an admin.
             update frontdesk.profiles set role = 'admin' where external_id = 'teacher:2'",
        )
        .await;
    let by_hand = school.lines("By Hand").await;
    let district = without_nine();
    district.remove_lines("teachers.csv", "Ben");
    district.replace("sections.csv", "S,A,1,2,", "S,A,1,,");
    district.replace("sections.csv", "S,B,2,,", "S,B,1,,");
    school
        .import_with(
            &district,
            Options {
                allow_removals: true,
                ..options()
            },
        )
        .await
        .unwrap();

    assert_eq!(school.lines("By Hand").await, by_hand);
    assert_eq!(school.lines("|Neighbour").await.len(), 1);
    assert_eq!(school.lines("|Aunt").await.len(), 1);
    assert_eq!(school.lines("|student:9").await.len(), 2, "enrollments");
    // Somebody is still a guardian by hand; an admin is not shut out by a file.
    assert!(school.lines("profile contact:parent9@").await[0].contains("|active|"));
    assert!(school.lines("profile teacher:2|").await[0].contains("|admin|active|"));
    assert!(school.lines("profile student:9|").await[0].contains("|inactive|"));
}
