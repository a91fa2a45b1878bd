//! Whether patterns admit anything beyond what they should.

use std::collections::HashSet;

use crate::schema::pattern::Pattern;
use crate::schema::pattern::table::Table;

/// Combinations of rows looked at, at most.
const MOST_ROWS: usize = 20_000;

/// Whether every text over `alphabet` that is in `lexical` and matches one pattern of each step is in `allowed` too.
/// In doubt not.
pub(crate) fn all_within(steps: &[&[Pattern]], lexical: &Pattern, allowed: &Pattern, alphabet: &str) -> bool {
    let lexical = [lexical.clone()];
    let allowed = [allowed.clone()];
    let groups: Vec<&[Pattern]> = steps.iter().copied().chain([&lexical[..], &allowed[..]]).collect();
    let tables: Option<Vec<Vec<&Table>>> = groups.iter().map(|group| group.iter().map(Pattern::table).collect()).collect();
    let Some(tables) = tables else { return false };
    let start: Rows = tables.iter().map(|group| group.iter().map(|table| Some(table.start())).collect()).collect();
    let mut seen = HashSet::from([start.clone()]);
    let mut open = vec![start];
    while let Some(rows) = open.pop() {
        let mut accepted = rows.iter().zip(&tables).map(|(rows, tables)| accepts(rows, tables));
        let is_allowed = accepted.next_back().unwrap_or(false);
        if !is_allowed && accepted.all(|one| one) {
            return false;
        }
        for c in alphabet.chars() {
            let after = step(&rows, &tables, c);
            let dead = after.iter().rev().skip(1).any(|group| group.iter().all(Option::is_none));
            if dead || seen.contains(&after) {
                continue;
            }
            if seen.len() >= MOST_ROWS {
                return false;
            }
            seen.insert(after.clone());
            open.push(after);
        }
    }
    true
}

/// A row of each table, by groups.
type Rows = Vec<Vec<Option<u16>>>;

fn accepts(rows: &[Option<u16>], tables: &[&Table]) -> bool {
    rows.iter().zip(tables).any(|(row, table)| row.is_some_and(|row| table.accepts(row)))
}

fn step(rows: &Rows, tables: &[Vec<&Table>], c: char) -> Rows {
    let group =
        |(rows, tables): (&Vec<Option<u16>>, &Vec<&Table>)| rows.iter().zip(tables).map(|(row, table)| table.step((*row)?, c)).collect();
    rows.iter().zip(tables).map(group).collect()
}
