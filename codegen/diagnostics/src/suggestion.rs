//! "Did you mean": the known word nearest to an unknown one.

/// The candidate nearest to `word`, if it is near enough to be a slip of the pen.
#[must_use]
pub fn suggest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let letters: Vec<char> = word.chars().take(64).collect();
    let limit = (letters.len() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .filter(|candidate| *candidate != word && candidate.len().abs_diff(word.len()) <= 3 * limit)
        .map(|candidate| (distance(&letters, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= limit && *distance < candidate.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The number of insertions, deletions, substitutions and swaps of neighbours (optimal string alignment); a change of case costs nothing.
fn distance(word: &[char], candidate: &str) -> usize {
    let fold = |letter: &char| letter.to_ascii_lowercase();
    let left: Vec<char> = word.iter().map(fold).collect();
    let right: Vec<char> = candidate.chars().map(|letter| letter.to_ascii_lowercase()).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=right.len()).collect();
    for (row, letter) in left.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in right.iter().enumerate() {
            let mut best = (above[column] + usize::from(letter != other)).min(above[column + 1] + 1).min(current[column] + 1);
            if row > 0 && column > 0 && *letter == right[column - 1] && left[row - 1] == *other {
                best = best.min(before[column - 1] + 1);
            }
            current.push(best);
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::suggest;

    #[test]
    fn finds_the_nearest_word() {
        let names = ["float64", "float32", "int", "float", "complex128"];
        assert_eq!(suggest("flaot", names), Some("float"));
        assert_eq!(suggest("floot64", names), Some("float64"));
        assert_eq!(suggest("Float64", names), Some("float64"));
        assert_eq!(suggest("integer", names), None);
        assert_eq!(suggest("x", names), None);
        assert_eq!(suggest("", names), None);
    }
}
