//! A text file handed out line by line, for [`super::csv_file`].
//!
//! Files come with CR, LF or CRLF line ends, also mixed. The feed counts them all, hands each line on with a plain LF, and
//! never more than one line a call: so whoever parses the lines can tell in which line a record began, and can go back to
//! the second line of a record that turned out to be broken. It holds one record at a time.

use std::{
    collections::VecDeque,
    io::{self, BufRead, Read, Seek},
};

/// A record may span this many lines (values may contain line breaks); beyond it a quotation mark was never closed.
const MAX_RECORD_LINES: usize = 50;
/// No line of a real file is longer, in bytes.
const MAX_LINE_BYTES: usize = 1 << 20;

/// Hands out the lines of `source`. Line numbers are 1-based.
pub(super) struct LineFeed<R> {
    source: R,
    /// The last line ended with CR: a LF that follows belongs to it.
    after_cr: bool,
    /// Bytes taken from the source.
    bytes: u64,
    /// Lines handed out so far.
    number: u64,
    /// The lines of the current record, each with its LF, and where each ends.
    record: Vec<u8>,
    ends: Vec<usize>,
    /// How much of `record` has been handed out.
    given: usize,
    /// Line in which the current record begins: the first one that is not empty.
    start: Option<u64>,
    /// Lines to hand out again, before the source's.
    again: VecDeque<Vec<u8>>,
    gave_up: bool,
}

impl<R: BufRead> LineFeed<R> {
    pub(super) fn new(source: R) -> Self {
        Self {
            source,
            after_cr: false,
            bytes: 0,
            number: 0,
            record: Vec::new(),
            ends: Vec::new(),
            given: 0,
            start: None,
            again: VecDeque::new(),
            gave_up: false,
        }
    }

    /// A new record begins with the next line that is not empty.
    pub(super) fn begin_record(&mut self) {
        self.record.clear();
        self.ends.clear();
        self.given = 0;
        self.start = None;
        self.gave_up = false;
    }

    /// The line in which the current record began.
    pub(super) fn line(&self) -> u64 {
        self.start.unwrap_or(self.number)
    }

    /// Does the current record span several lines?
    pub(super) fn is_multiline(&self) -> bool {
        self.number > self.line()
    }

    /// Did the feed pretend to be at its end because the record grew past all reason?
    pub(super) fn gave_up(&self) -> bool {
        self.gave_up
    }

    /// Is a later line of the current record as rich in commas as a whole row of so many fields? (A record whose first line
    /// has none is a row whose first value has several lines.)
    pub(super) fn has_swallowed_a_row(&self, fields: usize) -> bool {
        let commas = |line: &[u8]| line.iter().filter(|byte| **byte == b',').count();
        let mut lines = self.record.split_inclusive(|byte| *byte == b'\n').map(commas);
        lines.next().is_some_and(|first| first > 0) && lines.any(|later| later + 1 >= fields)
    }

    /// Takes back all lines of the current record but its first, so that they are read again as records of their own.
    fn rewind_to_second_line(&mut self) {
        let first = self.line();
        while self.number > first {
            self.ends.pop();
            let begin = self.ends.last().copied().unwrap_or(0);
            self.again.push_front(self.record.split_off(begin));
            self.number -= 1;
        }
    }

    /// Bytes taken from the source so far.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Appends the next line to the record; false at the end. Empty lines between records belong to none.
    fn fetch(&mut self) -> io::Result<bool> {
        loop {
            let begin = self.record.len();
            if let Some(line) = self.again.pop_front() {
                self.record.extend_from_slice(&line);
            } else if !self.fetch_from_source()? {
                return Ok(false);
            }
            self.number += 1;
            let is_empty = self.record.len() == begin + 1;
            if is_empty && self.start.is_none() {
                self.record.clear();
                continue;
            }
            self.ends.push(self.record.len());
            self.start.get_or_insert(self.number);
            return Ok(true);
        }
    }

    fn fetch_from_source(&mut self) -> io::Result<bool> {
        let begin = self.record.len();
        loop {
            let chunk = self.source.fill_buf()?;
            if chunk.is_empty() {
                if self.record.len() == begin {
                    return Ok(false);
                }
                self.record.push(b'\n');
                return Ok(true);
            }
            let skip = usize::from(std::mem::take(&mut self.after_cr) && chunk[0] == b'\n');
            let rest = &chunk[skip..];
            let end = rest.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
            let text = end.unwrap_or(rest.len());
            self.record.extend_from_slice(&rest[..text]);
            self.after_cr = end.is_some_and(|at| rest[at] == b'\r');
            let used = skip + text + usize::from(end.is_some());
            self.source.consume(used);
            self.bytes += used as u64;
            if self.record.len() - begin > MAX_LINE_BYTES {
                return Err(io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("line {} is longer than 1 MiB, so this is no CSV file", self.number + 1),
                ));
            }
            if end.is_some() {
                self.record.push(b'\n');
                return Ok(true);
            }
        }
    }
}

/// The only place to seek to is the second line of the current record, wherever the caller says; it makes the parser on top
/// start afresh there.
impl<R: BufRead> Seek for LineFeed<R> {
    fn seek(&mut self, _: io::SeekFrom) -> io::Result<u64> {
        self.rewind_to_second_line();
        Ok(0)
    }
}

impl<R: BufRead> Read for LineFeed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.given == self.record.len() {
            if self.ends.len() >= MAX_RECORD_LINES || self.record.len() > MAX_LINE_BYTES {
                self.gave_up = true;
                return Ok(0);
            }
            if !self.fetch()? {
                return Ok(0);
            }
        }
        let count = (&self.record[self.given..]).read(buffer)?;
        self.given += count;
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, capacity: usize) -> Vec<(u64, String)> {
        let mut feed = LineFeed::new(io::BufReader::with_capacity(capacity, text.as_bytes()));
        let mut buffer = [0; 64];
        let mut lines = Vec::new();
        loop {
            feed.begin_record();
            match feed.read(&mut buffer).unwrap() {
                0 => return lines,
                count => lines.push((feed.number, String::from_utf8_lossy(&buffer[..count]).into_owned())),
            }
        }
    }

    #[test]
    fn every_kind_of_line_end_counts_once() {
        let expected = [(1, "a\n"), (3, "b\n"), (5, "c\n"), (6, "d\n")].map(|(number, line)| (number, line.to_owned()));
        for capacity in [1, 2, 3, 64] {
            assert_eq!(lines("a\n\nb\r\rc\r\nd", capacity), expected, "buffer of {capacity}");
            assert_eq!(
                lines("a\r\n\r\nb\r\n\r\nc\nd\n", capacity),
                expected,
                "buffer of {capacity}"
            );
        }
    }

    #[test]
    fn a_line_without_end_is_refused_before_it_fills_the_memory() {
        let endless = vec![b'x'; MAX_LINE_BYTES * 2];
        let mut feed = LineFeed::new(endless.as_slice());
        assert!(
            feed.read(&mut [0; 8])
                .unwrap_err()
                .to_string()
                .contains("line 1 is longer")
        );
    }
}
