//! Grades have no file of their own: students and sections name them, and each is made when it is first named.

use std::collections::HashMap;

use uuid::Uuid;

use super::values::Grade;
use crate::directory::import::{ImportError, Kind, run::Run, store};

/// The grades named so far.
#[derive(Default)]
pub(super) struct Grades {
    ids: HashMap<String, Uuid>,
}

impl Grades {
    /// Makes those of these grades that are not there yet.
    pub async fn make(&mut self, run: &mut Run<'_>, named: impl Iterator<Item = &Grade>) -> Result<(), ImportError> {
        let mut new: Vec<&Grade> = named
            .filter(|grade| !self.ids.contains_key(&grade.external_id))
            .collect();
        new.sort_by(|a, b| (a.position, &a.external_id).cmp(&(b.position, &b.external_id)));
        new.dedup_by(|a, b| a.external_id == b.external_id);
        if new.is_empty() {
            return Ok(());
        }
        let ids: Vec<&str> = new.iter().map(|grade| grade.external_id.as_str()).collect();
        let names: Vec<&str> = new.iter().map(|grade| grade.name.as_str()).collect();
        let positions: Vec<i32> = new.iter().map(|grade| grade.position).collect();
        let written = store::insert_grades(&run.tx, run.org_id, &ids, &names, &positions).await?;
        run.tally(Kind::Grades, written.iter().map(|(_, change)| *change));
        self.ids.extend(
            new.iter()
                .zip(written)
                .map(|(grade, (id, _))| (grade.external_id.clone(), id)),
        );
        Ok(())
    }

    /// Our id of a grade that was made before.
    pub fn id(&self, grade: Option<&Grade>) -> Option<Uuid> {
        self.ids.get(&grade?.external_id).copied()
    }
}
