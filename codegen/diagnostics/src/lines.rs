//! Bytes to lines and columns. A line ends with `\n`, `\r\n` or `\r`, as in Python.

/// The lines of one text.
#[derive(Clone, Debug)]
pub struct LineIndex<'text> {
    text: &'text str,
    starts: Vec<usize>,
}

impl<'text> LineIndex<'text> {
    /// Finds the lines.
    #[must_use]
    pub fn new(text: &'text str) -> Self {
        let bytes = text.as_bytes();
        let mut starts = vec![0];
        for (place, byte) in bytes.iter().enumerate() {
            let ends = *byte == b'\n' || (*byte == b'\r' && bytes.get(place + 1) != Some(&b'\n'));
            if ends {
                starts.push(place + 1);
            }
        }
        Self { text, starts }
    }

    /// Number of lines; a text that ends with a line break has an empty last one.
    #[must_use]
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// Line and column of a byte, both from 1, the column in characters. A byte beyond the end stands for the end; one inside
    /// a character for its start; a byte order mark has no width.
    #[must_use]
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let byte = self.text.floor_char_boundary(byte.min(self.text.len()));
        let line = self.starts.partition_point(|start| *start <= byte);
        let before = &self.text[self.starts[line - 1]..byte];
        (line, before.chars().filter(|letter| *letter != '\u{feff}').count() + 1)
    }

    /// Where a line starts, and its text without the line break. Empty beyond the end.
    #[must_use]
    pub fn line(&self, line: usize) -> (usize, &'text str) {
        let Some(start) = line.checked_sub(1).and_then(|place| self.starts.get(place)).copied() else {
            return (self.text.len(), "");
        };
        let end = self.starts.get(line).copied().unwrap_or(self.text.len());
        (start, self.text[start..end].trim_end_matches(['\n', '\r']))
    }
}

#[cfg(test)]
mod tests {
    use super::LineIndex;

    #[test]
    fn every_kind_of_line_break_counts_once() {
        let text = "\u{feff}ab\r\nç\rd\n\n";
        let index = LineIndex::new(text);
        assert_eq!(index.count(), 5);
        let lines: Vec<&str> = (1..=6).map(|line| index.line(line).1).collect();
        assert_eq!(lines, ["\u{feff}ab", "ç", "d", "", "", ""]);
        let places: Vec<(usize, usize)> = [0, 3, 5, 7, 8, 9, 10, 12, 99].map(|byte| index.line_column(byte)).to_vec();
        assert_eq!(places, [(1, 1), (1, 1), (1, 3), (2, 1), (2, 1), (2, 2), (3, 1), (4, 1), (5, 1)]);
    }
}
