//! Imports of real and made-up districts into a real PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

mod changes;
mod command;
mod district;
mod removals;
mod together;
mod wrong;

use std::{
    collections::{BTreeSet, HashSet},
    fs,
};

use district::{District, School};
use frontdesk::directory::import::{Counts, Kind};

/// All new.
fn new(inserted: u64) -> Counts {
    Counts {
        inserted,
        ..Counts::default()
    }
}

#[tokio::test]
async fn the_sample_district_becomes_exactly_what_its_files_hold() {
    let school = School::new().await;
    let report = school.import(&District::sample()).await.unwrap();
    let expected = [
        (Kind::Schools, 3),
        (Kind::Grades, 13),
        (Kind::Classes, 379),
        (Kind::Teachers, 89),
        (Kind::Students, 1_004),
        (Kind::Parents, 1_002),
        // 475 are named; somebody named twice in a row teaches once.
        (Kind::ClassTeachers, 460),
        (Kind::Enrollments, 8_971),
        (Kind::Guardians, 1_004),
    ];
    for (kind, count) in expected {
        assert_eq!(report.of(kind), new(count), "{kind:?}");
        assert_eq!(school.count(kind).await, count, "{kind:?}");
    }
    assert!(report.is_complete() && report.notes.is_empty(), "{report:?}");
    // The sample has one flaw: the year 2005 had no such day.
    let issues: Vec<String> = report.issues.iter().map(ToString::to_string).collect();
    let flaw = r#"students.csv:525: warning: Dob "02/29/2005" is no date (expected M/D/YY); imported without it"#;
    assert_eq!(issues, [flaw]);
}

#[tokio::test]
async fn names_numbers_and_dates_of_the_sample_are_read_as_the_school_meant_them() {
    let school = School::new().await;
    school.import(&District::sample()).await.unwrap();
    let told = school.lines("student:738733110").await;
    let told: Vec<&String> = told.iter().filter(|line| !line.starts_with("enrollment")).collect();
    assert_eq!(
        told,
        [
            "profile student:738733110|student|active|Diane Schmeler|diane.s@example.org|-",
            "student student:738733110|02M800|Grade 9|738733110|1998-11-01",
            "guardian student:738733110|contact:wanell_schmeler@example.net|Uncle",
        ]
    );
    let parent = "profile contact:wanell_schmeler@example.net|parent|active|Wanell Schmeler|wanell_schmeler@example.net|(336)533-1632 x218";
    assert!(
        school
            .lines("contact:wanell_schmeler@example.net")
            .await
            .contains(&parent.to_owned())
    );
    let class = "class 646|English Remediation, Grade 10 - 205 - B. Daniel|English Remediation, Grade 10|9|02M800|Grade 10|2015-08-01|2016-06-01";
    assert_eq!(school.lines("class 646|").await, [class]);
    let teachers = school.lines("teacher 581|").await;
    let named = ["teacher:86|1", "teacher:87|2", "teacher:88|3", "teacher:89|4"]
        .map(|teacher| format!("teacher 581|{teacher}"));
    assert_eq!(teachers, named);
    // Named at four places of one section, three times as the same.
    assert_eq!(
        school.lines("teacher 885|").await,
        ["teacher 885|teacher:3|1", "teacher 885|teacher:5|2"]
    );
    assert_eq!(school.lines("grade 0|").await, ["grade 0|Kindergarten|0"]);
}

#[tokio::test]
async fn one_address_at_two_students_is_one_parent_with_two_relationships() {
    let school = School::new().await;
    school.import(&District::sample()).await.unwrap();
    assert_eq!(
        school.lines("contact:upton.kari@example.net").await,
        [
            "profile contact:upton.kari@example.net|parent|active|Kari Upton|upton.kari@example.net|423.713.3349 x20331",
            "guardian student:322519127|contact:upton.kari@example.net|Mother",
            "guardian student:722099499|contact:upton.kari@example.net|Stepmother",
        ]
    );
}

#[tokio::test]
async fn enrollments_and_guardians_are_those_of_the_files() {
    let school = School::new().await;
    let district = District::sample();
    school.import(&district).await.unwrap();
    // An independent reading: this file has no quotation marks.
    let text = district.read("enrollments.csv");
    let expected: BTreeSet<String> = text
        .lines()
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
        .map(|fields| format!("enrollment {}|student:{}", fields[2], fields[1]))
        .collect();
    let lines: BTreeSet<String> = school.lines("enrollment ").await.into_iter().collect();
    assert_eq!(lines, expected);
    let text = district.read("students.csv");
    let expected: BTreeSet<String> = text
        .split('\r')
        .skip(1)
        .map(|line| line.split(',').collect::<Vec<_>>())
        .map(|fields| {
            format!(
                "guardian student:{}|contact:{}|{}",
                fields[1],
                fields[18].to_lowercase(),
                fields[16]
            )
        })
        .collect();
    let lines: BTreeSet<String> = school.lines("guardian ").await.into_iter().collect();
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn no_password_or_user_name_reaches_the_database_or_the_report() {
    let school = School::new().await;
    let district = District::sample();
    let mut secrets = HashSet::new();
    for (file, line_end) in [("students.csv", '\r'), ("teachers.csv", '\n')] {
        for line in district
            .read(file)
            .split(line_end)
            .skip(1)
            .filter(|line| !line.is_empty())
        {
            let mut fields = line.rsplit(',');
            secrets.extend([fields.next().unwrap().to_owned(), fields.next().unwrap().to_owned()]);
        }
    }
    assert!(secrets.len() > 1_900, "{}", secrets.len());
    // Rows that give a message, so that messages are looked through as well.
    district.append(
        "students.csv",
        "02M800,1,1,1,A,B,C,female,13/45/98,9,,,,,,,,,,s3cretuser,s3cretword\r",
    );
    district.append("students.csv", "02M800,1,1,s3cretuser,s3cretword\r");
    district.append("students.csv", "\"02M800,1,1,s3cretuser,s3cretword\r");
    secrets.extend(["s3cretuser".into(), "s3cretword".into()]);
    let report = school.import(&district).await.unwrap();
    assert_eq!(
        (
            report.files["students.csv"].wrong,
            report.files["students.csv"].warnings
        ),
        (2, 2)
    );

    let mut rows = school.all_rows().await;
    rows.push(format!(
        "{report:?}\n{report}\n{}",
        serde_json::to_string(&report).unwrap()
    ));
    assert!(rows.len() > 11_000, "{}", rows.len());
    // Values stand between these in a row as text, so a secret would be a piece of its own; e-mail addresses may contain a
    // user name, which is no secret there.
    for row in rows {
        for piece in row.split(|c: char| !c.is_alphanumeric() && !"._@-".contains(c)) {
            assert!(!secrets.contains(piece), "{piece} in {row}");
        }
    }
}

#[tokio::test]
async fn line_ends_and_a_byte_order_mark_make_no_difference() {
    let schools = [School::new().await, School::new().await, School::new().await];
    let mut lines = Vec::new();
    for (school, line_end) in schools.iter().zip(["\r", "\n", "\r\n"]) {
        let district = District::sample();
        for file in district::FILES {
            let text = district
                .read(file)
                .replace("\r\n", "\n")
                .replace(['\r', '\n'], line_end);
            fs::write(
                district.path().join(file),
                format!("\u{feff}{text}{line_end}{line_end}"),
            )
            .unwrap();
        }
        assert!(school.import(&district).await.unwrap().is_complete());
        lines.push(school.lines("").await);
    }
    assert!(lines[0].len() > 12_000);
    assert_eq!(lines[0], lines[1]);
    assert_eq!(lines[0], lines[2]);
}
