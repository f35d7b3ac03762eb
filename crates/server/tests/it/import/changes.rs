//! Importing again.

use frontdesk::directory::import::{Counts, Kind, Options};
use platform::ids;

use super::district::{District, School, options};

#[tokio::test]
async fn importing_the_sample_twice_changes_nothing() {
    let school = School::new().await;
    let district = District::sample();
    school.import(&district).await.unwrap();
    let before = school.all_rows().await;
    let report = school.import(&district).await.unwrap();
    for kind in Kind::ALL {
        let counts = report.of(kind);
        assert_eq!(
            counts,
            Counts {
                unchanged: counts.unchanged,
                ..Counts::default()
            },
            "{kind:?}"
        );
        assert_eq!(counts.unchanged, school.count(kind).await, "{kind:?}");
    }
    // Ids and times too: not a row was written.
    assert_eq!(school.all_rows().await, before);
}

#[tokio::test]
async fn a_changed_file_updates_just_what_differs() {
    let school = School::new().await;
    let district = District::small();
    school.import(&district).await.unwrap();
    let before = school.all_rows().await;

    district.replace("schools.csv", "Hill School", "Hill Academy");
    district.replace("teachers.csv", "Ada,Lee,ada@", "Ada,Lee-Ito,ada.ito@");
    district.replace(
        "students.csv",
        "S,1,N1,Kid1,Roe,5/1/2012,5",
        "S,1,N1,Kid1,Roe,5/2/2012,6",
    );
    district.replace("students.csv", "kid2@hill", "kid.two@hill");
    district.replace(
        "students.csv",
        "Parent3 Roe,Mother,555-0003",
        "Parent3 Roe,Stepmother,555-3333",
    );
    district.replace("sections.csv", "Algebra A,5,Algebra,1", "Algebra A,5,Algebra,3");
    district.replace("sections.csv", "S,B,2,,", "S,B,2,1,");
    district.append("students.csv", "S,11,N11,New,Kid,1/1/2012,5,,,,,\n");
    district.append("enrollments.csv", "S,11,A\n");
    let report = school.import(&district).await.unwrap();

    let expected = [
        (Kind::Schools, 0, 1, 0),
        (Kind::Grades, 1, 0, 1),
        (Kind::Classes, 0, 1, 1),
        (Kind::Teachers, 0, 1, 1),
        (Kind::Students, 1, 2, 8),
        (Kind::Parents, 0, 1, 9),
        (Kind::ClassTeachers, 1, 0, 3),
        (Kind::Enrollments, 1, 0, 20),
        (Kind::Guardians, 0, 1, 9),
    ];
    for (kind, inserted, updated, unchanged) in expected {
        assert_eq!(
            report.of(kind),
            Counts {
                inserted,
                updated,
                unchanged,
                ..Counts::default()
            },
            "{kind:?}"
        );
    }
    let after = school.all_rows().await;
    let kept = before.iter().filter(|row| after.contains(row)).count();
    // School, class, teacher, two students (one of them two changed tables), parent, guardian.
    assert_eq!(before.len() - kept, 7, "rows written that do not differ");
    assert_eq!(
        school.lines("student student:1|").await,
        ["student student:1|S|Grade 6|N1|2012-05-02"]
    );
    assert!(school.lines("teacher:1|").await[0].contains("Ada Lee-Ito|ada.ito@hill.example"));
    assert_eq!(
        school.lines("guardian student:3|").await,
        ["guardian student:3|contact:parent3@home.example|Stepmother"]
    );
}

#[tokio::test]
async fn a_dry_run_reports_the_same_and_changes_nothing() {
    let school = School::new().await;
    let district = District::small();
    let before = school.all_rows().await;
    let dry = school
        .import_with(
            &district,
            Options {
                dry_run: true,
                ..options()
            },
        )
        .await
        .unwrap();
    assert_eq!(school.all_rows().await, before);
    let real = school.import(&district).await.unwrap();
    assert!(dry.dry_run && !real.dry_run);
    assert_eq!(dry.counts, real.counts);
    assert_eq!(real.of(Kind::Students).inserted, 10);
}

#[tokio::test]
async fn an_optional_column_that_is_missing_leaves_what_is_stored() {
    let school = School::new().await;
    let district = District::small();
    school.import(&district).await.unwrap();
    let before = school.lines("").await;
    district.write(
        "teachers.csv",
        "School_id,Teacher_id,First_name,Last_name\nS,1,Ada,Lee\nS,2,Ben,Ito\n",
    );
    let mut students = "School_id,Student_id,First_name,Last_name\n".to_owned();
    (1..=10).for_each(|n| students += &format!("S,{n},Kid{n},Roe\n"));
    district.write("students.csv", &students);
    district.write(
        "sections.csv",
        "School_id,Section_id,Teacher_id,Teacher_2_id,Name\nS,A,1,2,Algebra A\nS,B,2,,Biology B\n",
    );
    let report = school.import(&district).await.unwrap();
    assert_eq!(school.lines("").await, before);
    assert_eq!(
        report.notes,
        ["students.csv has no columns for contacts, so parents stay as they are."]
    );
    assert!(
        Kind::ALL
            .into_iter()
            .all(|kind| report.of(kind).updated + report.of(kind).removed == 0),
        "{report}"
    );
}

#[tokio::test]
async fn a_student_in_several_rows_has_several_contacts_and_a_teacher_may_be_at_several_schools() {
    let school = School::new().await;
    let district = District::small();
    district.append("schools.csv", "T,Lake School\n");
    district.append("teachers.csv", "T,1,Ada,Lee,ada@hill.example\n");
    let student = "S,1,N1,Kid1,Roe,5/1/2012,5,kid1@hill.example";
    district.append("students.csv", &format!("{student},Grandpa Roe,Grandfather,555-7,\n"));
    district.append(
        "students.csv",
        &format!("{student},Parent1 Roe,Emergency,555-8,parent1@home.example\n"),
    );
    for _ in 0..2 {
        let report = school.import(&district).await.unwrap();
        assert!(report.is_complete() && report.issues.is_empty(), "{:?}", report.issues);
        assert_eq!(report.of(Kind::Students).present(), 10);
        assert_eq!(report.of(Kind::Teachers).present(), 2);
        assert_eq!(report.of(Kind::Guardians).updated, 0);
    }
    assert_eq!(
        school.lines("guardian student:1|").await,
        [
            "guardian student:1|contact:1:grandpa roe|Grandfather",
            "guardian student:1|contact:parent1@home.example|Mother"
        ]
    );
}

#[tokio::test]
async fn the_same_ids_in_another_organization_are_other_people() {
    let school = School::new().await;
    let district = District::small();
    school.import(&district).await.unwrap();
    let before = school.all_rows().await;
    let other = ids::new_id();
    school.add_organization(other, "other").await;
    let changed = District::small();
    changed.replace("schools.csv", "Hill School", "Other School");
    changed.remove_lines("students.csv", "Kid9");
    changed.remove_lines("enrollments.csv", "S,9,");
    let report = frontdesk::directory::import::clever(school.db(), other, changed.path(), options(), &())
        .await
        .unwrap();
    assert_eq!(
        report.of(Kind::Students),
        Counts {
            inserted: 9,
            ..Counts::default()
        }
    );
    let after = school.all_rows().await;
    assert!(before.iter().all(|row| after.contains(row)));
}
