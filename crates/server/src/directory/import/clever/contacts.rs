//! The contacts of students, who become parents and guardians.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use super::{
    SOURCE, STUDENTS,
    known::Known,
    values::{self, MAX_LABEL, MAX_NAME, or_none},
};
use crate::directory::import::{
    ImportError, Kind,
    csv_file::{CsvFile, Row},
    run::Run,
    store::{self, LinkTable, Links, People},
};

/// What a contact is to the student when the file does not say.
const SOME_RELATIONSHIP: &str = "Contact";

/// A student's contact, as one row tells.
pub(super) struct Contact {
    name: String,
    email: Option<String>,
    phone: Option<String>,
    relationship: String,
    external_id: String,
}

/// The contact in a row, or none.
pub(super) fn parse(row: &Row<'_>, warnings: &mut Vec<String>) -> Result<Option<Contact>, String> {
    let name = values::text(row, "Contact_name", MAX_NAME)?;
    let email = or_none(values::email(row, "Contact_email"), warnings);
    let phone = or_none(values::phone(row, "Contact_phone"), warnings);
    let relationship = or_none(values::text(row, "Contact_relationship", MAX_LABEL), warnings)
        .or_else(|| or_none(values::text(row, "Contact_type", MAX_LABEL), warnings));
    // Without a name, the address is what people can recognise somebody by.
    let Some(name) = name.or_else(|| email.as_ref().filter(|email| email.len() <= MAX_NAME).cloned()) else {
        return if phone.is_some() {
            Err("Contact_name is empty".into())
        } else {
            Ok(None)
        };
    };
    let external_id = match &email {
        Some(email) => format!("contact:{email}"),
        // Not the phone number: who gets a new one is still the same person.
        None => format!("contact:{}:{}", values::id(row, "Student_id")?, name.to_lowercase()),
    };
    let relationship = relationship.unwrap_or_else(|| SOME_RELATIONSHIP.to_owned());
    Ok(Some(Contact {
        name,
        email,
        phone,
        relationship,
        external_id,
    }))
}

/// The contacts named so far.
pub(super) struct Contacts {
    has_phones: bool,
    entries: HashMap<Box<str>, Entry>,
    ids: Vec<Uuid>,
    /// Student and contact, by index.
    links: HashSet<(u32, u32)>,
}

struct Entry {
    index: u32,
    line: u64,
    name: Box<str>,
}

impl Contacts {
    /// None when the file has no columns for contacts.
    pub fn new(file: &CsvFile) -> Option<Self> {
        (file.has("Contact_name") || file.has("Contact_email")).then(|| Self {
            has_phones: file.has("Contact_phone"),
            entries: HashMap::new(),
            ids: Vec::new(),
            links: HashSet::new(),
        })
    }

    /// Writes the contacts of a chunk: line, student, contact.
    pub async fn write(
        &mut self,
        run: &mut Run<'_>,
        named: Vec<(u64, u32, Contact)>,
        students: &Known,
    ) -> Result<(), ImportError> {
        let mut new = Vec::new();
        let mut links = Vec::new();
        for (line, student, contact) in &named {
            let index = self.enter(run, *line, contact, &mut new);
            if self.links.insert((*student, index)) {
                links.push((*student, index, contact.relationship.clone()));
            }
        }
        self.write_parents(run, &new).await?;
        let links = Links {
            left: links.iter().map(|(student, ..)| students.uuid(*student)).collect(),
            right: links.iter().map(|(_, contact, _)| self.uuid(*contact)).collect(),
            says: links.into_iter().map(|(.., relationship)| relationship).collect(),
        };
        let changes = store::sync_links(&run.tx, run.org_id, SOURCE, LinkTable::Guardians, &links).await?;
        run.tally(Kind::Guardians, changes);
        Ok(())
    }

    /// The contact's index; a contact seen for the first time goes to `new`. The first row that names somebody decides
    /// their name and phone number.
    fn enter<'c>(&mut self, run: &mut Run<'_>, line: u64, contact: &'c Contact, new: &mut Vec<&'c Contact>) -> u32 {
        if let Some(entry) = self.entries.get(contact.external_id.as_str()) {
            if entry.name.to_lowercase() != contact.name.to_lowercase() {
                let (first, name) = (entry.line, values::quoted(&entry.name));
                let message =
                    format!("Contact_email is that of {name} in line {first}; they are one person, with that name");
                run.warn(STUDENTS, line, message);
            }
            return entry.index;
        }
        // There are no more contacts than rows, whose number has been checked.
        let index = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let entry = Entry {
            index,
            line,
            name: contact.name.as_str().into(),
        };
        self.entries.insert(contact.external_id.as_str().into(), entry);
        new.push(contact);
        index
    }

    async fn write_parents(&mut self, run: &mut Run<'_>, new: &[&Contact]) -> Result<(), ImportError> {
        let people = People {
            role: "parent",
            external_ids: new.iter().map(|contact| contact.external_id.as_str()).collect(),
            names: new.iter().map(|contact| contact.name.as_str()).collect(),
            emails: Some(new.iter().map(|contact| contact.email.as_deref()).collect()),
            phones: self
                .has_phones
                .then(|| new.iter().map(|contact| contact.phone.as_deref()).collect()),
        };
        let written = store::sync_people(&run.tx, run.org_id, SOURCE, &people).await?;
        self.ids.extend(written.iter().map(|(id, _)| *id));
        run.tally(Kind::Parents, written.into_iter().map(|(_, change)| change));
        Ok(())
    }

    fn uuid(&self, index: u32) -> Uuid {
        self.ids.get(index as usize).copied().unwrap_or_default()
    }

    /// Deactivates parents and removes guardians that the file no longer names.
    pub async fn remove_who_is_gone(&self, run: &mut Run<'_>, students: &Known) -> Result<(), ImportError> {
        let (left, right): (Vec<Uuid>, Vec<Uuid>) = self
            .links
            .iter()
            .map(|(student, contact)| (students.uuid(*student), self.uuid(*contact)))
            .unzip();
        let removed = store::remove_links(&run.tx, run.org_id, SOURCE, LinkTable::Guardians, &left, &right).await?;
        run.report.count(Kind::Guardians).removed = removed;
        let gone = store::deactivate(&run.tx, run.org_id, SOURCE, "parent", "contact:", &self.ids).await?;
        run.report.count(Kind::Parents).removed = gone;
        Ok(())
    }
}
