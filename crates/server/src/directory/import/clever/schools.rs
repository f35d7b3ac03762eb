//! schools.csv.

use super::{
    SCHOOLS,
    known::{Admitted, Known},
    values::{self, MAX_NAME},
};
use crate::directory::import::{ImportError, Kind, csv_file::CsvFile, run::Run, store};

/// Imports the schools; answers them for the other files to refer to.
pub(super) async fn import(run: &mut Run<'_>, file: &mut CsvFile) -> Result<Known, ImportError> {
    let mut known = Known::new(SCHOOLS, "School_id");
    let mut rows: Vec<(String, String)> = Vec::new();
    run.start_file(file);
    while run.read_chunk(Kind::Schools, file, &mut rows, |row, warnings| {
        let admitted = known.admit(row, |id| {
            let name = values::text(row, "School_name", MAX_NAME)?.ok_or("School_name is empty")?;
            Ok((id.to_owned(), name))
        })?;
        Ok(match admitted {
            Admitted::New(school) => Some(school),
            Admitted::Again { line, .. } => {
                warnings.push(format!("the row repeats line {line}"));
                None
            }
        })
    })? {
        let (ids, names): (Vec<String>, Vec<String>) = rows.drain(..).unzip();
        let written = store::sync_schools(&run.tx, run.org_id, &ids, &names).await?;
        known.ids.extend(written.iter().map(|(id, _)| *id));
        run.tally(Kind::Schools, written.into_iter().map(|(_, change)| change));
    }
    Ok(known)
}
