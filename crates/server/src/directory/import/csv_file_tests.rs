//! Unit tests of [`super`]: real files in a temporary folder.

use std::path::Path;

use rand::{Rng, SeedableRng, rngs::StdRng};

use super::*;

const COLUMNS: Columns = &[
    ("Id", Need::Required),
    ("Name", Need::Required),
    ("Note", Need::Optional),
];

fn write(folder: &Path, text: impl AsRef<[u8]>) {
    std::fs::write(folder.join("people.csv"), text).unwrap();
}

fn open(text: impl AsRef<[u8]>) -> Result<CsvFile, FileError> {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), text);
    CsvFile::open(folder.path(), "people.csv", COLUMNS)
}

/// Each row as `line: id|name|note`, or `line! why`.
fn rows(text: impl AsRef<[u8]>) -> Vec<String> {
    let mut file = open(text).unwrap();
    let mut rows = Vec::new();
    loop {
        rows.push(match file.next_row().unwrap() {
            Next::End => break,
            Next::Broken(line, why) => format!("{line}! {why}"),
            Next::Row(row) => match (row.get("Id"), row.get("Name"), row.get("Note")) {
                (Ok(id), Ok(name), Ok(note)) => format!("{}: {id}|{name}|{note}", row.line),
                (id, name, note) => format!(
                    "{}! {}",
                    row.line,
                    [id, name, note].into_iter().find_map(Result::err).unwrap()
                ),
            },
        });
    }
    assert_eq!(file.bytes_read(), file.bytes());
    rows
}

fn refusal(text: impl AsRef<[u8]>) -> String {
    open(text).err().unwrap().to_string()
}

#[test]
fn columns_are_found_in_any_order_and_case_and_others_are_ignored() {
    assert_eq!(rows("NAME,password,id\nAnn,secret,1\n"), ["2: 1|Ann|"]);
    assert_eq!(rows("\u{feff}Id , Name,Note\n 1 ,  Ann ,x\n"), ["2: 1|Ann|x"]);
}

#[test]
fn quotes_commas_and_line_breaks_in_values_are_read() {
    let text = "Id,Name,Note\r1,\"Smith, \"\"Bo\"\"\",\"two\rlines\"\r2,Cy,\"\"\r";
    assert_eq!(rows(text), ["2: 1|Smith, \"Bo\"|two\nlines", "4: 2|Cy|"]);
}

#[test]
fn a_row_that_does_not_fit_the_header_is_broken_and_the_next_is_read() {
    let rows = rows("Id,Name\n1,Ann,secret\n2\n3,Cy\n");
    assert!(
        rows[0].starts_with("2! the row has 3 values, the header has 2"),
        "{rows:?}"
    );
    assert!(!rows[0].contains("secret"));
    assert!(rows[1].starts_with("3! the row has 1 values"), "{rows:?}");
    assert_eq!(rows[2], "4: 3|Cy|");
}

#[test]
fn a_quotation_mark_that_is_never_closed_costs_its_own_row_only() {
    let broken = "a quotation mark in this row is opened and never closed";
    assert_eq!(
        rows("Id,Name,Note\n1,\"Ann,x\n2,Bo,x\n3,\"Cy\",\"z\"\n"),
        [format!("2! {broken}"), "3: 2|Bo|x".into(), "4: 3|Cy|z".into()]
    );
    // Here the swallowed rows would even fit the header.
    assert_eq!(rows("Id,Name\n1,\"Ann\n2,Bo\"\n3,Cy\n")[0], format!("2! {broken}"));
    // Far more rows than a value may have lines, with no other mark to close it.
    let mut text = "Id,Name\n1,\"Ann\n".to_owned();
    let mut expected = vec![format!("2! {broken}")];
    for n in 2..500 {
        text += &format!("{n},Bo\n");
        expected.push(format!("{}: {n}|Bo|", n + 1));
    }
    assert_eq!(rows(text), expected);
}

#[test]
fn bytes_that_are_no_utf_8_cost_the_row_and_only_in_columns_that_are_read() {
    let text = b"Id,Name,Password\n1,Jos\xe9,x\n2,Bo,\xff\xfe\n3,a\0b,x\n";
    assert_eq!(
        rows(text),
        [
            "2! Name is not valid UTF-8",
            "3: 2|Bo|",
            "4! Name contains a NUL character"
        ]
    );
}

#[test]
fn empty_rows_are_passed_over() {
    assert_eq!(
        rows("\n\nId,Name\n\n1,Ann\n,\n  \n\n\n2,Bo\n\n"),
        ["5: 1|Ann|", "10: 2|Bo|"]
    );
}

#[test]
fn a_file_that_is_no_csv_is_refused_with_the_reason() {
    assert_eq!(refusal(""), "people.csv is empty: its first line must name the columns");
    assert_eq!(
        refusal("\n\r\n"),
        "people.csv is empty: its first line must name the columns"
    );
    assert!(refusal(b"PK\x03\x04....").contains("ZIP archive or a spreadsheet"));
    assert!(refusal(b"\xff\xfeI\0d\0").contains("UTF-16"));
    assert!(refusal(b"\x7fELF\0\0").contains("binary"));
    assert!(refusal("Id;Name\n1;Ann\n").contains("separated by semicolons"));
    assert!(refusal("Id\tName\n1\tAnn\n").contains("separated by tabs"));
    assert_eq!(
        refusal("Name\nAnn\n"),
        "people.csv has no column Id; its first line must name the columns"
    );
    assert!(refusal("a,b\n1,2\n").contains("no column Id, Name"));
    assert_eq!(
        refusal("Id,id,Name\n1,2,Ann\n"),
        "people.csv has more than one column Id"
    );
    assert!(refusal(vec![b'x'; 3 << 20]).contains("line 1 is longer than 1 MiB"));
}

#[test]
fn missing_files_and_folders_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = CsvFile::open(folder.path(), "people.csv", COLUMNS)
        .err()
        .unwrap()
        .to_string();
    assert!(error.starts_with("people.csv is missing in "), "{error}");
    let nowhere = folder.path().join("nowhere");
    let error = CsvFile::open(&nowhere, "people.csv", COLUMNS)
        .err()
        .unwrap()
        .to_string();
    assert!(error.ends_with("nowhere: there is no such folder"), "{error}");
    std::fs::write(folder.path().join("People.CSV"), "Id,Name\n1,Ann\n").unwrap();
    assert!(CsvFile::open(folder.path(), "people.csv", COLUMNS).is_ok());
}

/// Random files whose lines are known: any line ends, empty lines, values with quotes, commas and line breaks.
#[test]
fn rows_know_their_real_line_whatever_the_line_ends() {
    let mut random = StdRng::seed_from_u64(7);
    for _ in 0..500 {
        let mut text = "Id,Name,Note".to_owned();
        let mut line = 1;
        let mut expected = Vec::new();
        // After CR alone, a value or line must not begin with LF, which would join them to one line end.
        let end = |random: &mut StdRng, text: &mut String| {
            text.push_str(["\r\n", "\n", "\r"][random.random_range(if text.ends_with('\r') { 2..3 } else { 0..3 })]);
        };
        end(&mut random, &mut text);
        for id in 0..random.random_range(0..40) {
            line += 1;
            for _ in 0..random.random_range(0..3_u32).saturating_sub(1) {
                end(&mut random, &mut text);
                line += 1;
            }
            let name = ["Ann", "Ann, B.", "A \"B\" C", "Ünal"][random.random_range(0..4)];
            expected.push(format!("{line}: {id}|{name}|"));
            text.push_str(&format!("{id},\"{}\",\"", name.replace('"', "\"\"")));
            for _ in 0..random.random_range(0..4_u32).saturating_sub(2) {
                end(&mut random, &mut text);
                line += 1;
            }
            text.push('"');
            end(&mut random, &mut text);
        }
        assert_eq!(rows(&text), expected, "{text:?}");
    }
}
