//! What the values of Clever's files may be, and what each becomes. Rules only: no file, no database.
//!
//! An error is a sentence that begins with the column's name; the caller puts file and line before it.

use std::fmt::Write as _;

use jiff::civil::Date;

use crate::directory::import::csv_file::Row;

/// Longest id or number of a school's own, in characters.
const MAX_ID: usize = 100;
/// Longest name of a person, class or school (`profiles_name_check` and its like).
pub(super) const MAX_NAME: usize = 200;
/// Longest relationship (`guardians_relationship_check`) and grade.
pub(super) const MAX_LABEL: usize = 100;
/// Longest phone number, as written (`profiles_phone_check`).
const MAX_PHONE: usize = 40;
/// Longest e-mail address (RFC 5321, `profiles_email_check`).
const MAX_EMAIL: usize = 254;

/// How a year of two digits is meant.
#[derive(Clone, Copy, Debug)]
pub(super) enum Century {
    /// A birthday: the latest year for which the day is not after this one. '98 is 1998; in 2026 '26 may be 2026, '27 is 1927.
    Until(Date),
    /// A school term: always 20xx.
    This,
}

/// An id; never empty.
pub(super) fn id<'a>(row: &Row<'a>, column: &'static str) -> Result<&'a str, String> {
    optional_id(row, column)?.ok_or_else(|| format!("{column} is empty"))
}

/// An id, or none.
pub(super) fn optional_id<'a>(row: &Row<'a>, column: &'static str) -> Result<Option<&'a str>, String> {
    let value = row.get(column)?;
    if value.chars().count() > MAX_ID || value.chars().any(char::is_control) {
        return Err(format!(
            "{column} {} is no id (at most {MAX_ID} characters in one line)",
            quoted(value)
        ));
    }
    Ok((!value.is_empty()).then_some(value))
}

/// Text in one line: runs of white space and control characters become one space. Empty is none.
pub(super) fn text(row: &Row<'_>, column: &'static str, max: usize) -> Result<Option<String>, String> {
    let value = one_line(row.get(column)?);
    let length = value.chars().count();
    if length > max {
        return Err(format!("{column} has {length} characters (at most {max})"));
    }
    Ok((!value.is_empty()).then_some(value))
}

/// The name of a person: first and last name.
pub(super) fn person_name(row: &Row<'_>) -> Result<String, String> {
    let parts = [text(row, "First_name", MAX_NAME)?, text(row, "Last_name", MAX_NAME)?];
    let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
    match name.chars().count() {
        0 => Err("First_name and Last_name are empty".into()),
        length if length > MAX_NAME => Err(format!(
            "First_name and Last_name have {length} characters (at most {MAX_NAME})"
        )),
        _ => Ok(name),
    }
}

/// A date as Clever's format writes it (M/D/YY or M/D/YYYY; also YYYY-MM-DD). Empty is none.
pub(super) fn date(row: &Row<'_>, column: &'static str, century: Century) -> Result<Option<Date>, String> {
    let value = row.get(column)?;
    if value.is_empty() {
        return Ok(None);
    }
    let date = parse_date(value, century)
        .filter(|date| date.year() >= 1900)
        .ok_or_else(|| format!("{column} {} is no date (expected M/D/YY)", quoted(value)))?;
    match century {
        Century::Until(today) if date > today => Err(format!("{column} {} lies in the future", quoted(value))),
        _ => Ok(Some(date)),
    }
}

fn parse_date(value: &str, century: Century) -> Option<Date> {
    if let [year, month, day] = value.split('-').collect::<Vec<_>>()[..] {
        return Date::new(
            digits(year, 4, 4)?,
            digits(month, 1, 2)? as i8,
            digits(day, 1, 2)? as i8,
        )
        .ok();
    }
    let [month, day, year] = value.split('/').collect::<Vec<_>>()[..] else {
        return None;
    };
    let (month, day) = (digits(month, 1, 2)? as i8, digits(day, 1, 2)? as i8);
    let in_year = |year| Date::new(year, month, day).ok();
    if let Some(year) = digits(year, 4, 4) {
        return in_year(year);
    }
    let year = digits(year, 2, 2)?;
    match century {
        Century::This => in_year(2000 + year),
        Century::Until(today) => in_year(2000 + year)
            .filter(|date| *date <= today)
            .or_else(|| in_year(1900 + year)),
    }
}

/// A number of `least` to `most` decimal digits and nothing else.
fn digits(text: &str, least: usize, most: usize) -> Option<i16> {
    let fits = (least..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| text.parse().ok()).flatten()
}

/// An e-mail address in lower case, or none. Only what our mailer could write to is one.
pub(super) fn email(row: &Row<'_>, column: &'static str) -> Result<Option<String>, String> {
    let value = row.get(column)?;
    if value.is_empty() {
        return Ok(None);
    }
    let usable = value.is_ascii()
        && value.len() <= MAX_EMAIL
        && !value.contains('"')
        && value.parse::<lettre::Address>().is_ok();
    if usable {
        Ok(Some(value.to_ascii_lowercase()))
    } else {
        Err(format!("{column} {} is no e-mail address", quoted(value)))
    }
}

/// A phone number as the school wrote it, with its extension.
pub(super) fn phone(row: &Row<'_>, column: &'static str) -> Result<Option<String>, String> {
    text(row, column, MAX_PHONE)
}

/// For a value that may be missing: a wrong one is none, and says so in `warnings`. A person or class without one of these
/// can still be reached; leaving them out altogether would lose more.
pub(super) fn or_none<T>(value: Result<Option<T>, String>, warnings: &mut Vec<String>) -> Option<T> {
    value.unwrap_or_else(|why| {
        warnings.push(format!("{why}; imported without it"));
        None
    })
}

/// A grade, as everything in Frontdesk refers to it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Grade {
    /// Clever's text: `0`, `9`, `10`, `PostGraduate` …; numbers without leading zeros.
    pub external_id: String,
    /// What people read: Kindergarten, Grade 9.
    pub name: String,
    /// Order in lists.
    pub position: i32,
}

/// Clever's grades that are no numbers, and where they stand among them.
const NAMED_GRADES: [(&str, &str, i32); 8] = [
    ("InfantToddler", "Infant/Toddler", -4),
    ("Preschool", "Preschool", -3),
    ("PreKindergarten", "Pre-Kindergarten", -2),
    ("TransitionalKindergarten", "Transitional Kindergarten", -1),
    ("PostGraduate", "Postgraduate", 20),
    ("Ungraded", "Ungraded", 21),
    ("Other", "Other", 22),
    ("Unknown", "Unknown", 23),
];
/// Grades that Clever does not know stand last.
const UNKNOWN_GRADE: i32 = 30;

/// The grade of a row, or none. Kindergarten is grade 0, however it is written.
pub(super) fn grade(row: &Row<'_>) -> Result<Option<Grade>, String> {
    Ok(text(row, "Grade", MAX_LABEL - "Grade ".len())?.map(|value| parse_grade(&value)))
}

fn parse_grade(value: &str) -> Grade {
    let (external_id, name, position) = if let Some(number) = digits(value, 1, 2) {
        let name = if number == 0 {
            "Kindergarten".to_owned()
        } else {
            format!("Grade {number}")
        };
        (number.to_string(), name, i32::from(number))
    } else if ["Kindergarten", "K", "KG"]
        .iter()
        .any(|word| value.eq_ignore_ascii_case(word))
    {
        ("0".into(), "Kindergarten".into(), 0)
    } else if let Some((id, name, position)) = NAMED_GRADES.iter().find(|(id, ..)| value.eq_ignore_ascii_case(id)) {
        ((*id).into(), (*name).into(), *position)
    } else {
        (value.to_owned(), value.to_owned(), UNKNOWN_GRADE)
    };
    Grade {
        external_id,
        name,
        position,
    }
}

/// `text` in quotation marks for a message: cut to a readable length, without control characters.
pub(super) fn quoted(text: &str) -> String {
    const SHOWN: usize = 60;
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        let _ = write!(shown, "…");
    }
    format!("{shown:?}")
}

fn one_line(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use jiff::civil::date as day;

    use super::*;

    const TODAY: Date = day(2026, 11, 22);

    #[test]
    fn a_birthday_of_two_digits_is_never_in_the_future() {
        let parse = |text| parse_date(text, Century::Until(TODAY));
        assert_eq!(parse("11/1/98"), Some(day(1998, 11, 1)));
        assert_eq!(parse("5/13/05"), Some(day(2005, 5, 13)));
        assert_eq!(parse("11/22/26"), Some(day(2026, 11, 22)));
        assert_eq!(parse("11/23/26"), Some(day(1926, 11, 23)));
        assert_eq!(parse("2/9/2005"), Some(day(2005, 2, 9)));
        assert_eq!(parse("2005-02-09"), Some(day(2005, 2, 9)));
        assert_eq!(parse("2/29/00"), Some(day(2000, 2, 29)));
    }

    #[test]
    fn a_term_of_two_digits_is_in_this_century() {
        assert_eq!(parse_date("8/1/15", Century::This), Some(day(2015, 8, 1)));
        assert_eq!(parse_date("6/1/98", Century::This), Some(day(2098, 6, 1)));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "13/45/98",
            "2/29/01",
            "1/1",
            "1/1/198",
            "a/b/c",
            "1/1/+98",
            "٣/٣/٩٨",
            "--",
            "1/1/98 ",
            "98",
            "",
        ] {
            assert_eq!(parse_date(text, Century::Until(TODAY)), None, "{text}");
        }
    }

    #[test]
    fn grades_have_one_id_however_they_are_written() {
        let id = |text| parse_grade(text).external_id;
        assert_eq!([id("0"), id("00"), id("K"), id("kindergarten")], ["0"; 4]);
        assert_eq!([id("9"), id("09")], ["9"; 2]);
        assert_eq!(id("10B"), "10B");
        assert_eq!(parse_grade("0").name, "Kindergarten");
        assert_eq!(parse_grade("9").name, "Grade 9");
        let mut order = ["10", "Other", "K", "9", "10B", "PreKindergarten"];
        order.sort_by_key(|text| parse_grade(text).position);
        assert_eq!(order, ["PreKindergarten", "K", "9", "10", "Other", "10B"]);
    }

    #[test]
    fn quoted_values_are_short_and_cannot_steer_a_terminal() {
        assert_eq!(quoted("a\u{1b}[2J\"b"), r#""a\u{1b}[2J\"b""#);
        assert_eq!(quoted(&"x".repeat(100)).chars().count(), 63);
    }

    #[test]
    fn line_breaks_and_tabs_in_names_become_one_space() {
        assert_eq!(one_line(" Anna\r\n\t Maria\u{7}  Ortiz "), "Anna Maria Ortiz");
    }
}
