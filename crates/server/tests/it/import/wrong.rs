//! Wrong rows and wrong files.

use std::fs;

use frontdesk::directory::import::{Counts, Kind, Options, Severity};

use super::district::{District, School, options};

#[tokio::test]
async fn each_wrong_row_is_reported_with_its_line_and_the_rest_is_imported() {
    let school = School::new().await;
    let district = District::small();
    district.append("schools.csv", "S,Another Name\n,No Id\nT,\n");
    district.append(
        "teachers.csv",
        "X,3,Cy,Low,\nS,1,Eve,Lee,\nS,4,,,\nS,5,Too,Many,fields,here\n",
    );
    district.append(
        "students.csv",
        "S,20,,,,,5,,,,,\n\
         S,,,No,Id,,5,,,,,\n\
         X,22,,No,School,,5,,,,,\n\
         S,1,N1,Other,Name,5/1/2012,5,kid1@hill.example,,,,\n\
         S,23,,\"Open,Quote,,5,,,,,\n\
         S,24,,Long,Contact,,5,,Aunt,Aunt,,aunt@home.example\n",
    );
    district.append(
        "students.csv",
        &format!("S,25,,Long,Name,,5,,{},Uncle,,\n", "x".repeat(201)),
    );
    district.append("sections.csv", "S,C,9,,C,,,,,\nX,D,1,,D,,,,,\n");
    district.append(
        "enrollments.csv",
        "S,99,A\nS,20,A\nS,1,Z\nS,1,D\nX,1,A\nS,1,A\nS,24,C\n",
    );
    let report = school
        .import_with(
            &district,
            Options {
                keep_issues: usize::MAX,
                ..options()
            },
        )
        .await
        .unwrap();

    let issues: Vec<String> = report.issues.iter().map(ToString::to_string).collect();
    let expected = [
        r#"enrollments.csv:22: Student_id "99" is not in students.csv"#,
        r#"enrollments.csv:23: Student_id "20" has a wrong row in students.csv"#,
        r#"enrollments.csv:24: Section_id "Z" is not in sections.csv"#,
        r#"enrollments.csv:25: Section_id "D" has a wrong row in sections.csv"#,
        r#"enrollments.csv:26: School_id "X" is not in schools.csv"#,
        "enrollments.csv:27: warning: the row repeats line 2",
        r#"schools.csv:3: School_id "S" stands in line 2 already, with other values"#,
        "schools.csv:4: School_id is empty",
        "schools.csv:5: School_name is empty",
        r#"sections.csv:4: Teacher_id "9" is not in teachers.csv; imported without this teacher"#,
        r#"sections.csv:5: School_id "X" is not in schools.csv"#,
        "students.csv:12: First_name and Last_name are empty",
        "students.csv:13: Student_id is empty",
        r#"students.csv:14: School_id "X" is not in schools.csv"#,
        r#"students.csv:15: Student_id "1" stands in line 2 already, with other values"#,
        "students.csv:16: a quotation mark in this row is opened and never closed",
        "students.csv:18: Contact_name has 201 characters (at most 200); imported without the contact",
        r#"teachers.csv:4: School_id "X" is not in schools.csv"#,
        r#"teachers.csv:5: Teacher_id "1" stands in line 2 already, with other values"#,
        "teachers.csv:6: First_name and Last_name are empty",
        "teachers.csv:7: the row has 6 values, the header has 5 (a value with a comma must stand in quotation marks)",
    ];
    assert_eq!(issues, expected);
    let counts = |inserted, wrong| Counts {
        inserted,
        wrong,
        ..Counts::default()
    };
    assert_eq!(report.of(Kind::Schools), counts(1, 3));
    assert_eq!(report.of(Kind::Teachers), counts(2, 4));
    assert_eq!(report.of(Kind::Students), counts(12, 5));
    assert_eq!(report.of(Kind::Parents), counts(11, 1));
    assert_eq!(report.of(Kind::Classes), counts(3, 1));
    assert_eq!(report.of(Kind::ClassTeachers), counts(3, 1));
    assert_eq!(report.of(Kind::Enrollments), counts(21, 5));
    assert!(!report.is_complete());
    assert_eq!(school.count(Kind::Students).await, 12);
    assert_eq!(school.lines("enrollment C|").await, ["enrollment C|student:24"]);
}

#[tokio::test]
async fn a_wrong_value_that_identifies_nobody_costs_a_warning_and_only_itself() {
    let school = School::new().await;
    let district = District::small();
    district.append("teachers.csv", "S,3,Cy,Low,not an address\n");
    district.append(
        "students.csv",
        &format!(
            "S,11,,A,Roe,,5,,Max Roe,Uncle,{},max(at)home.example\n\
             S,12,,B,Roe,,5,,,Aunt,555-1,\n\
             S,13,,C,Roe,,5,,,Aunt,,eva@home.example\n\
             S,14,,D,Roe,,5,,Other Name,Aunt,,parent1@home.example\n\
             S,15,{0},E,Roe,13/45/98,5{0},kid@,Una Roe,{0}{0},,\n\
             S,16,,F,Roe,11/23/2026,5,,,,,\n",
            "5".repeat(101)
        ),
    );
    district.append("sections.csv", "S,C,,,C,,,,9/1/25,8/31/25\nS,D,1,,,,,,x,\n");
    let report = school.import(&district).await.unwrap();
    let issues: Vec<String> = report.issues.iter().map(ToString::to_string).collect();
    assert_eq!(
        issues,
        [
            "sections.csv:4: warning: Term_end 2025-08-31 is before Term_start 2025-09-01; imported without them",
            "sections.csv:4: warning: Teacher_id is empty; imported without a teacher",
            r#"sections.csv:5: warning: Term_start "x" is no date (expected M/D/YY); imported without it"#,
            r#"students.csv:12: warning: Contact_email "max(at)home.example" is no e-mail address; imported without it"#,
            "students.csv:12: warning: Contact_phone has 101 characters (at most 40); imported without it",
            "students.csv:13: Contact_name is empty; imported without the contact",
            r#"students.csv:15: warning: Contact_email is that of "Parent1 Roe" in line 2; they are one person, with that name"#,
            r#"students.csv:16: warning: Student_email "kid@" is no e-mail address; imported without it"#,
            "students.csv:16: warning: Grade has 102 characters (at most 94); imported without it",
            r#"students.csv:16: warning: Student_number "555555555555555555555555555555555555555555555555555555555555…" is no id (at most 100 characters in one line); imported without it"#,
            r#"students.csv:16: warning: Dob "13/45/98" is no date (expected M/D/YY); imported without it"#,
            "students.csv:16: warning: Contact_type has 202 characters (at most 100); imported without it",
            r#"students.csv:17: warning: Dob "11/23/2026" lies in the future; imported without it"#,
            r#"teachers.csv:4: warning: Teacher_email "not an address" is no e-mail address; imported without it"#,
        ]
    );
    assert_eq!(
        report
            .issues
            .iter()
            .filter(|issue| issue.severity == Severity::Wrong)
            .count(),
        1
    );
    assert_eq!(
        school.lines("profile contact:11").await,
        ["profile contact:11:max roe|parent|active|Max Roe|-|-"]
    );
    assert_eq!(
        school.lines("profile contact:eva").await,
        ["profile contact:eva@home.example|parent|active|eva@home.example|eva@home.example|-"]
    );
    assert_eq!(
        school.lines("student student:15|").await,
        ["student student:15|S|-|-|-"]
    );
    assert_eq!(
        school.lines("guardian student:15|").await,
        ["guardian student:15|contact:15:una roe|Contact"]
    );
    assert_eq!(school.lines("class C|").await, ["class C|C|-|-|S|-|-|-"]);
    assert_eq!(school.lines("class D|").await, ["class D|Section D|-|-|S|-|-|-"]);
    assert_eq!(
        school.lines("profile teacher:3").await,
        ["profile teacher:3|teacher|active|Cy Low|-|-"]
    );
}

#[tokio::test]
async fn a_file_that_cannot_be_read_as_a_whole_writes_nothing() {
    let school = School::new().await;
    let before = school.all_rows().await;
    let cases: [(&str, Option<&str>, &str); 6] = [
        ("sections.csv", None, "sections.csv is missing in "),
        (
            "enrollments.csv",
            Some(""),
            "enrollments.csv is empty: its first line must name the columns",
        ),
        (
            "students.csv",
            Some("School_id,First_name\n"),
            "students.csv has no column Student_id, Last_name; its first",
        ),
        (
            "schools.csv",
            Some("School_id;School_name\nS;Hill\n"),
            "schools.csv has no column School_id, School_name: its values seem",
        ),
        (
            "teachers.csv",
            Some("PK\u{3}\u{4}..."),
            "teachers.csv is no CSV file: it is a ZIP archive or a spreadsheet",
        ),
        (
            "enrollments.csv",
            Some("School_id,Student_id,Section_id,STUDENT_ID\n"),
            "enrollments.csv has more than one column Student_id",
        ),
    ];
    for (file, text, message) in cases {
        let district = District::small();
        match text {
            Some(text) => district.write(file, text),
            None => fs::remove_file(district.path().join(file)).unwrap(),
        }
        let error = school.import(&district).await.unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
    assert_eq!(school.all_rows().await, before);
}

#[tokio::test]
async fn issues_are_all_counted_and_kept_as_many_as_asked() {
    let school = School::new().await;
    let district = District::small();
    (0..30).for_each(|n| district.append("enrollments.csv", &format!("S,{},A\n", 100 + n)));
    let report = school
        .import_with(
            &district,
            Options {
                keep_issues: 10,
                ..options()
            },
        )
        .await
        .unwrap();
    assert_eq!(report.issues.len(), 10);
    assert_eq!(report.files["enrollments.csv"].wrong, 30);
    assert_eq!(report.of(Kind::Enrollments).wrong, 30);
}
