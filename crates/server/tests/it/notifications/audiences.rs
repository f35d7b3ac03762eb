//! Who is reached: `get_notification_recipients` with the seed's arguments, and what each kind of audience means.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::{TestApp, people};

/// A small school: classes 1A (grade 1) and 2A (grade 2); Tom is in both classes' worlds: he teaches 2A and has a child in 1A.
struct School {
    app: TestApp,
    org: Uuid,
    admin: String,
    names: BTreeMap<Uuid, String>,
    ids: BTreeMap<&'static str, Uuid>,
}

impl School {
    async fn new() -> Self {
        let app = TestApp::start().await;
        let org = people::organization(&app.db, "school").await;
        let mut names = BTreeMap::new();
        let mut ids = BTreeMap::new();
        for (role, name) in [
            ("admin", "Ada"),
            ("teacher", "Tina"),
            ("teacher", "Tom"),
            ("student", "Sam"),
            ("student", "Sue"),
            ("student", "Gone"),
            ("parent", "Pia"),
            ("parent", "Paul"),
            ("parent", "Left"),
        ] {
            let id = people::person(&app.db, org, role, name).await;
            names.insert(id, name.to_owned());
            ids.insert(name, id);
        }
        for name in ["school", "g1", "g2", "1A", "2A"] {
            ids.insert(name, platform::ids::new_id());
        }
        let id = |name: &str| ids[name];
        app.db
            .run(&format!(
                "insert into frontdesk.schools (org_id, id, external_id, name) values ('{org}', '{school}', 'S', 'School');
                 insert into frontdesk.grades (org_id, id, external_id, name) values ('{org}', '{g1}', '1', 'Grade 1'), ('{org}', '{g2}', '2', 'Grade 2');
                 insert into frontdesk.classes (org_id, id, external_id, name, school_id, grade_id) values
                   ('{org}', '{c1}', '1A', 'Class 1A', '{school}', '{g1}'), ('{org}', '{c2}', '2A', 'Class 2A', '{school}', '{g2}');
                 insert into frontdesk.students (org_id, id, school_id, grade_id) values
                   ('{org}', '{sam}', '{school}', '{g1}'), ('{org}', '{sue}', '{school}', null), ('{org}', '{gone}', '{school}', '{g1}');
                 insert into frontdesk.enrollments (org_id, class_id, student_id) values
                   ('{org}', '{c1}', '{sam}'), ('{org}', '{c2}', '{sue}'), ('{org}', '{c1}', '{gone}');
                 insert into frontdesk.guardians (org_id, student_id, guardian_id, relationship) values
                   ('{org}', '{sam}', '{pia}', 'Mother'), ('{org}', '{sam}', '{tom}', 'Father'), ('{org}', '{sue}', '{pia}', 'Aunt'),
                   ('{org}', '{gone}', '{paul}', 'Father'), ('{org}', '{sue}', '{left}', 'Uncle');
                 insert into frontdesk.class_teachers (org_id, class_id, teacher_id) values ('{org}', '{c1}', '{tina}'), ('{org}', '{c2}', '{tom}');
                 update frontdesk.profiles set status = 'inactive' where name in ('Gone', 'Left');",
                school = id("school"), g1 = id("g1"), g2 = id("g2"), c1 = id("1A"), c2 = id("2A"),
                sam = id("Sam"), sue = id("Sue"), gone = id("Gone"), pia = id("Pia"), paul = id("Paul"),
                tom = id("Tom"), tina = id("Tina"), left = id("Left"),
            ))
            .await;
        let admin = app.token(org, ids["Ada"]);
        Self {
            app,
            org,
            admin,
            names,
            ids,
        }
    }

    /// Names whom the preview and the database function agree on.
    async fn reached(&self, audience: Value) -> Vec<String> {
        let answer = self
            .app
            .post("/v1/audiences/preview", &self.admin, json!({"audience": audience}))
            .await;
        assert_eq!(answer.status, 200, "{audience}: {answer:?}");
        let mut names: Vec<String> = answer.body["sample"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(answer.body["total"], names.len());
        names.sort();
        names
    }

    async fn by_seed(
        &self,
        role: Option<&str>,
        grades: Option<Vec<Uuid>>,
        classes: Option<Vec<Uuid>>,
        users: Option<Vec<Uuid>>,
    ) -> Vec<String> {
        let caller = people::caller(self.org, self.ids["Ada"]);
        let sql = "select user_id, role, reasons from frontdesk.get_notification_recipients($1, $2, $3, $4)";
        let rows = self
            .app
            .db
            .db
            .query(&caller, sql, &[&role, &grades, &classes, &users])
            .await
            .unwrap();
        let mut names: Vec<String> = rows
            .iter()
            .map(|row| self.names[&row.get::<_, Uuid>(0)].clone())
            .collect();
        assert!(
            rows.iter()
                .all(|row| !row.get::<_, Value>(2).as_array().unwrap().is_empty()),
            "each with a reason"
        );
        names.sort();
        names
    }
}

#[tokio::test]
async fn every_kind_of_audience_means_what_it_says() {
    let school = School::new().await;
    let cases = [
        (
            json!({"all": true}),
            vec!["Ada", "Paul", "Pia", "Sam", "Sue", "Tina", "Tom"],
        ),
        (json!({"roles": ["student"]}), vec!["Sam", "Sue"]),
        // A teacher with a child at the school is a parent too.
        (json!({"roles": ["parent"]}), vec!["Paul", "Pia", "Tom"]),
        (json!({"roles": ["admin", "student"]}), vec!["Ada", "Sam", "Sue"]),
        (json!({"roles": ["parent"], "classes": ["1A"]}), vec!["Pia", "Tom"]),
        (json!({"roles": ["teacher"], "classes": ["1A"]}), vec!["Tina"]),
        (
            json!({"roles": ["student"], "classes": ["1A", "2A"]}),
            vec!["Sam", "Sue"],
        ),
        (json!({"classes": ["2A"]}), vec!["Pia", "Sue", "Tom"]),
        (json!({"roles": ["parent"], "grades": ["1"]}), vec!["Pia", "Tom"]),
        (json!({"roles": ["teacher"], "grades": ["2"]}), vec!["Tom"]),
        // Sue has no grade of her own; her class has.
        (json!({"roles": ["student"], "grades": ["2"]}), vec!["Sue"]),
        (json!({"schools": ["S"], "roles": ["teacher"]}), vec!["Tina", "Tom"]),
        (json!({"people": [school.ids["Sam"]]}), vec!["Sam"]),
        // AND between kinds: nobody is in class 2A and grade 1.
        (
            json!({"roles": ["student"], "grades": ["1"], "classes": ["2A"]}),
            vec![],
        ),
        (
            json!({"classes": [school.ids["1A"]], "roles": ["student"]}),
            vec!["Sam"],
        ),
    ];
    for (audience, expected) in cases {
        assert_eq!(school.reached(audience.clone()).await, expected, "{audience}");
    }
}

#[tokio::test]
async fn the_seeds_function_filters_parents_and_teachers_too() {
    let school = School::new().await;
    let (g1, c2) = (school.ids["g1"], school.ids["2A"]);
    assert_eq!(
        school.by_seed(Some("parent"), Some(vec![g1]), None, None).await,
        ["Pia", "Tom"]
    );
    assert_eq!(
        school.by_seed(Some("teacher"), None, Some(vec![c2]), None).await,
        ["Tom"]
    );
    assert_eq!(
        school.by_seed(Some("student"), Some(vec![g1]), None, None).await,
        ["Sam"]
    );
    assert_eq!(school.by_seed(Some("student"), None, None, None).await, ["Sam", "Sue"]);
    // Specific users are exactly those, and only the active ones.
    let users = vec![school.ids["Sam"], school.ids["Gone"]];
    assert_eq!(school.by_seed(Some("parent"), None, None, Some(users)).await, ["Sam"]);
}

#[tokio::test]
async fn the_reasons_say_why() {
    let school = School::new().await;
    let answer = school
        .app
        .post(
            "/v1/audiences/preview",
            &school.admin,
            json!({"audience": {"classes": ["1A", "2A"]}}),
        )
        .await;
    let reasons = |name: &str| {
        let sample = answer.body["sample"].as_array().unwrap();
        let one = sample.iter().find(|one| one["name"] == name).unwrap();
        one["reasons"]
            .as_array()
            .unwrap()
            .iter()
            .map(|reason| reason["why"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(reasons("Pia"), ["guardian_of", "guardian_of"]);
    assert_eq!(reasons("Sam"), ["enrolled_in"]);
    let mut tom = reasons("Tom");
    tom.sort();
    assert_eq!(tom, ["guardian_of", "teaches"]);
    assert_eq!(answer.body["by_role"], json!({"parent": 1, "student": 2, "teacher": 2}));
}

#[tokio::test]
async fn a_parent_who_calls_the_function_learns_nothing() {
    let school = School::new().await;
    let caller = people::caller(school.org, school.ids["Pia"]);
    let rows = school
        .app
        .db
        .db
        .query(
            &caller,
            "select user_id from frontdesk.get_notification_recipients(null)",
            &[],
        )
        .await
        .unwrap();
    assert_eq!(rows.len(), 1, "row security leaves a parent only themselves");
}
