//! Diagnostics for people: a headline, the source lines with marks under them, the reason and the next step.
//!
//! Whatever the source holds, the frame stays in shape and the terminal safe: tabs have a width, wide characters two columns,
//! and control characters are written out.

use crate::lines::LineIndex;
use crate::{Diagnostic, Label};
use std::fmt::Write;

/// Longest part of a source line that is shown.
const MAX_COLUMNS: usize = 140;

/// Columns shown before the mark where a line is cut.
const CONTEXT: usize = 40;

/// Bytes before and after a mark that are looked at.
const NEIGHBOURHOOD: usize = 2_000;

const TAB: usize = 4;

/// The frame form. `files` are path and text, by the index that spans name; `severity` is the first word: `warning`, `error`.
/// It ends with a line break.
#[must_use]
pub fn render(diagnostic: &Diagnostic, files: &[(&str, &str)], color: bool, severity: &str) -> String {
    let paint = Paint { color };
    let severity_color = if severity == "error" { "1;31" } else { "1;33" };
    let mut out = String::new();
    let head = paint.text(severity_color, &format!("{}[{}]", clean(severity), diagnostic.id.code()));
    let _ = writeln!(out, "{head}{}", paint.text("1", &format!(": {}", clean(&diagnostic.title))));
    let frames = frames(diagnostic, files);
    let width = frames.iter().flat_map(|frame| frame.rows.iter().map(|row| row.line)).max().unwrap_or(1).to_string().len();
    let gutter = " ".repeat(width);
    for (place, frame) in frames.iter().enumerate() {
        let arrow = paint.text("1;34", if place == 0 { "-->" } else { ":::" });
        let _ = writeln!(out, "{gutter}{arrow} {}:{}:{}", clean(frame.path), frame.line, frame.column);
        let _ = writeln!(out, "{gutter} {}", paint.text("1;34", "|"));
        frame.write(&mut out, width, &paint, severity_color);
    }
    for (word, text) in [("", Some(&diagnostic.text).filter(|text| !text.is_empty())), ("help: ", diagnostic.hint.as_ref())] {
        let Some(text) = text else { continue };
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        let _ = writeln!(out, "{gutter} {} {}{}", paint.text("1;34", "="), paint.text("1;32", word), clean(first));
        for line in lines {
            let _ = writeln!(out, "{gutter}   {}{}", " ".repeat(word.len()), clean(line));
        }
    }
    out
}

/// The lines of one file that are shown.
struct Frame<'text> {
    path: &'text str,
    line: usize,
    column: usize,
    rows: Vec<Row<'text>>,
}

/// A source line and the marks under it.
struct Row<'text> {
    line: usize,
    text: &'text str,
    marks: Vec<Mark<'text>>,
}

/// A mark under a line: bytes of the line, and the remark.
struct Mark<'text> {
    start: usize,
    end: usize,
    primary: bool,
    text: &'text str,
}

fn frames<'text>(diagnostic: &'text Diagnostic, files: &[(&'text str, &'text str)]) -> Vec<Frame<'text>> {
    let mut frames: Vec<(u32, Frame<'text>)> = Vec::new();
    for (place, label) in diagnostic.labels.iter().enumerate() {
        let Some((path, text)) = files.get(label.span.file as usize).copied() else { continue };
        let index = LineIndex::new(text);
        let found = frames.iter().position(|(file, _)| *file == label.span.file);
        let frame = found.unwrap_or_else(|| {
            let (line, column) = index.line_column(label.span.start as usize);
            frames.push((label.span.file, Frame { path, line, column, rows: Vec::new() }));
            frames.len() - 1
        });
        frames[frame].1.mark(&index, label, place == 0);
    }
    frames.into_iter().map(|(_, frame)| frame).collect()
}

impl<'text> Frame<'text> {
    fn mark(&mut self, index: &LineIndex<'text>, label: &'text Label, primary: bool) {
        let (start, end) = (label.span.start as usize, label.span.end.max(label.span.start) as usize);
        let (first, _) = index.line_column(start);
        // A span that ends with a line break ends in the line that it breaks.
        let (last, _) = index.line_column(end.saturating_sub(1).max(start));
        for line in [first, last] {
            let (from, text) = index.line(line);
            let offset = |byte: usize| text.floor_char_boundary(byte.saturating_sub(from).min(text.len()));
            let indent = text.len() - text.trim_start().len();
            let begin = if line == first { offset(start) } else { indent };
            let finish = if line == last { offset(end) } else { text.trim_end().len() };
            let remark = if line == last { label.text.as_str() } else { "" };
            let mark = Mark { start: begin, end: finish.max(begin), primary, text: remark };
            match self.rows.iter_mut().find(|row| row.line == line) {
                Some(row) => row.marks.push(mark),
                None => self.rows.push(Row { line, text, marks: vec![mark] }),
            }
            if first == last {
                break;
            }
        }
        self.rows.sort_by_key(|row| row.line);
    }

    fn write(&self, out: &mut String, width: usize, paint: &Paint, severity: &str) {
        let bar = paint.text("1;34", "|");
        let mut before = None;
        for row in &self.rows {
            if before.is_some_and(|line| line + 1 < row.line) {
                let _ = writeln!(out, "{}", paint.text("1;34", "..."));
            }
            before = Some(row.line);
            let shown = Shown::new(row);
            let number = paint.text("1;34", &format!("{:>width$}", row.line));
            let _ = writeln!(out, "{number} {bar} {}", shown.text.trim_end());
            for mark in &row.marks {
                let (start, end) = (shown.column(mark.start), shown.column(mark.end));
                let sign = if mark.primary { "^" } else { "-" };
                let mut line = sign.repeat(end.saturating_sub(start).max(1));
                if !mark.text.is_empty() {
                    line.push(' ');
                    line.push_str(&clean(mark.text));
                }
                let painted = paint.text(if mark.primary { severity } else { "1;34" }, &line);
                let _ = writeln!(out, "{} {bar} {}{painted}", " ".repeat(width), " ".repeat(start));
            }
        }
    }
}

/// A line as it is displayed: cut to a window, every character safe.
struct Shown {
    text: String,
    /// Bytes of the source line and the columns at which they are shown, in order.
    columns: Vec<(usize, usize)>,
}

impl Shown {
    fn new(row: &Row<'_>) -> Self {
        let first = row.marks.iter().map(|mark| mark.start).min().unwrap_or(0);
        // Of a very long line only the neighbourhood of the mark is looked at.
        let from = row.text.floor_char_boundary(first.saturating_sub(NEIGHBOURHOOD));
        let to = row.text.floor_char_boundary(first.saturating_add(NEIGHBOURHOOD).min(row.text.len()));
        let mut cells: Vec<(usize, String, usize)> = cells(&row.text[from..to]);
        cells.iter_mut().for_each(|(byte, _, _)| *byte += from);
        let total: usize = cells.iter().map(|(_, _, width)| width).sum();
        let mark_at: usize = cells.iter().take_while(|(byte, _, _)| *byte < first).map(|(_, _, width)| width).sum();
        let cut = from > 0 || (total > MAX_COLUMNS && mark_at > MAX_COLUMNS - CONTEXT);
        let skip = if cut { mark_at.saturating_sub(CONTEXT) } else { 0 };
        let mut shown = Self { text: String::new(), columns: Vec::new() };
        let (mut at, mut column) = (0, 0);
        if cut {
            shown.text.push('…');
            column = 1;
        }
        for (byte, text, width) in cells {
            if at >= skip {
                if column + width > MAX_COLUMNS {
                    shown.text.push('…');
                    shown.columns.push((byte, column));
                    return shown;
                }
                shown.columns.push((byte, column));
                shown.text.push_str(&text);
                column += width;
            }
            at += width;
        }
        shown.columns.push((to, column));
        shown
    }

    fn column(&self, byte: usize) -> usize {
        let place = self.columns.partition_point(|(start, _)| *start < byte);
        self.columns.get(place).or(self.columns.last()).map_or(0, |(_, column)| *column)
    }
}

/// Each character: its byte, what is printed for it, and how many columns that takes.
fn cells(line: &str) -> Vec<(usize, String, usize)> {
    let mut column = 0;
    let mut all = Vec::new();
    for (byte, letter) in line.char_indices() {
        let (text, width) = match letter {
            '\t' => {
                let width = TAB - column % TAB;
                (" ".repeat(width), width)
            }
            '\u{c}' | '\u{feff}' => (String::new(), 0),
            _ if is_unsafe(letter) => {
                let text = escaped(letter);
                let width = text.len();
                (text, width)
            }
            _ => (letter.to_string(), width(letter)),
        };
        column += width;
        all.push((byte, text, width));
    }
    all
}

/// Text without anything that steers a terminal.
fn clean(text: &str) -> String {
    text.chars().map(|letter| if is_unsafe(letter) { escaped(letter) } else { letter.to_string() }).collect()
}

/// Control characters, and those that turn the direction of writing.
fn is_unsafe(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{61c}')
}

fn escaped(letter: char) -> String {
    match letter {
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        '\r' => "\\r".to_owned(),
        _ if (letter as u32) < 0x100 => format!("\\x{:02x}", letter as u32),
        _ => format!("\\u{:04x}", letter as u32),
    }
}

/// Columns of a terminal that a character takes, after Unicode's East Asian Width and its combining marks.
const fn width(letter: char) -> usize {
    match letter as u32 {
        0x0300..=0x036f | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x200b..=0x200d | 0x20d0..=0x20ff | 0xfe00..=0xfe0f | 0xfe20..=0xfe2f => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0xa4cf
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f680..=0x1f6ff
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

struct Paint {
    color: bool,
}

impl Paint {
    fn text(&self, code: &str, text: &str) -> String {
        if self.color && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }
}
