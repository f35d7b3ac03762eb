//! A real school district: an announcement to the parents of section 709 reaches exactly the people that an independent
//! reading of the files names.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fs,
    path::{Path, PathBuf},
};

use frontdesk::directory::import::{self, Options};
use jiff::civil::date;
use serde_json::{Value, json};

use crate::support::{TestApp, people};

/// Beside the project, in CI too.
fn files() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/clever-district")
}

/// Rows of a file as maps, read in the plainest way: no quoted line ends occur in these files.
fn rows(name: &str) -> Vec<HashMap<String, String>> {
    let text = fs::read_to_string(files().join(name))
        .unwrap()
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let split = |line: &str| {
        let (mut cells, mut cell, mut quoted) = (Vec::new(), String::new(), false);
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(std::mem::take(&mut cell)),
                c => cell.push(c),
            }
        }
        cells.push(cell);
        cells
    };
    let mut lines = text.lines().filter(|line| !line.is_empty());
    let head = split(lines.next().unwrap());
    lines
        .map(|line| head.iter().cloned().zip(split(line)).collect())
        .collect()
}

/// Contacts of the students whom `wanted` picks.
fn contact_emails(wanted: impl Fn(&HashMap<String, String>) -> bool) -> BTreeSet<String> {
    rows("students.csv")
        .iter()
        .filter(|row| wanted(row))
        .map(|row| row["Contact_email"].to_lowercase())
        .collect()
}

struct District {
    app: TestApp,
    admin: String,
}

impl District {
    async fn import() -> Self {
        let app = TestApp::start().await;
        let org = people::organization(&app.db, "district").await;
        let options = Options {
            dry_run: false,
            allow_removals: false,
            keep_issues: 50,
            today: date(2026, 11, 22),
        };
        let report = import::clever(&app.db.db, org, &files(), options, &()).await.unwrap();
        drop(report);
        let admin = app.token(org, people::person(&app.db, org, "admin", "Ada").await);
        Self { app, admin }
    }

    /// Sends and drains; the mail addresses of the recipients, of whom each may stand there once only.
    async fn reached(&self, audience: Value) -> BTreeSet<String> {
        let body =
            json!({"title": "Trip", "content": "On Friday.", "audience": audience, "channels": ["in_app", "email"]});
        let sent = self.app.post("/v1/notifications", &self.admin, body).await;
        assert_eq!(sent.status, 202, "{sent:?}");
        self.app.drain().await;
        let id = sent.body["id"].as_str().unwrap();
        let got = self.app.get(&format!("/v1/notifications/{id}"), &self.admin).await.body;
        assert_eq!(got["state"], "done");
        let emails: Vec<String> = self
            .app
            .db
            .superuser()
            .await
            .query(
                "select p.email from frontdesk.notification_recipients r
                 join frontdesk.profiles p on p.org_id = r.org_id and p.id = r.recipient_id
                 where r.notification_id = $1::text::uuid and jsonb_array_length(r.reasons) > 0",
                &[&id],
            )
            .await
            .unwrap()
            .iter()
            .map(|row| row.get(0))
            .collect();
        let distinct: BTreeSet<String> = emails.iter().cloned().collect();
        assert_eq!(distinct.len(), emails.len(), "each person once");
        assert_eq!(got["recipients"]["total"], emails.len());
        assert_eq!(got["totals"]["email"]["sent"], emails.len());
        assert_eq!(got["totals"]["in_app"]["delivered"], emails.len());
        distinct
    }
}

#[tokio::test]
async fn the_parents_of_section_709_are_exactly_those_that_the_files_name() {
    let district = District::import().await;
    let enrolled: HashSet<String> = rows("enrollments.csv")
        .into_iter()
        .filter(|row| row["Section_id"] == "709")
        .map(|row| row["Student_id"].clone())
        .collect();
    let expected = contact_emails(|student| enrolled.contains(&student["Student_id"]));
    assert_eq!(expected.len(), 20);
    assert_eq!(
        district.reached(json!({"roles": ["parent"], "classes": ["709"]})).await,
        expected
    );
    assert_eq!(district.app.mails().await.len(), 20);
}

#[tokio::test]
async fn grades_schools_roles_and_everybody_are_as_the_files_have_them() {
    let district = District::import().await;
    let ninth = contact_emails(|student| student["Grade"] == "9");
    assert_eq!(
        district.reached(json!({"roles": ["parent"], "grades": ["9"]})).await,
        ninth
    );

    let high_school = contact_emails(|student| student["School_id"] == "02M800");
    assert_eq!(
        district
            .reached(json!({"roles": ["parent"], "schools": ["02M800"]}))
            .await,
        high_school
    );

    let teachers: BTreeSet<String> = rows("teachers.csv")
        .iter()
        .map(|row| row["Teacher_email"].to_lowercase())
        .collect();
    assert_eq!(district.reached(json!({"roles": ["teacher"]})).await, teachers);

    let section = rows("sections.csv")
        .into_iter()
        .find(|row| row["Section_id"] == "709")
        .unwrap();
    let by_id: HashMap<String, String> = rows("teachers.csv")
        .into_iter()
        .map(|row| (row["Teacher_id"].clone(), row["Teacher_email"].to_lowercase()))
        .collect();
    let its_teachers: BTreeSet<String> = ["Teacher_id", "Teacher_2_id", "Teacher_3_id", "Teacher_4_id"]
        .iter()
        .filter_map(|column| by_id.get(&section[*column]).cloned())
        .collect();
    assert_eq!(
        district
            .reached(json!({"roles": ["teacher"], "classes": ["709"]}))
            .await,
        its_teachers
    );

    let students: BTreeSet<String> = rows("students.csv")
        .iter()
        .map(|row| row["Student_email"].to_lowercase())
        .collect();
    assert_eq!(district.reached(json!({"roles": ["student"]})).await, students);

    let everybody = district.reached(json!({"all": true})).await;
    let parents = contact_emails(|_| true);
    assert_eq!(everybody.len(), students.len() + teachers.len() + parents.len() + 1);
}
