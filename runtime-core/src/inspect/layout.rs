//! Layout: from the parts of a value to its lines. Short ones share a line, many short elements stand in columns, and all
//! others get a line each. It knows no values.

use crate::excerpt::width;

/// How many levels of nesting may share a line.
const COMPACT: usize = 3;

/// How many elements an array has before they are put into columns.
const COLUMNS_FROM: usize = 6;

/// The parts of one value.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// What stands before the bracket: `[Function: f]`.
    pub(super) base: String,
    /// `{`, `[`, `Map(2) {`.
    pub(super) open: String,
    /// `}` or `]`.
    pub(super) close: char,
    /// The elements and properties.
    pub(super) items: Vec<String>,
    /// How many of the items, from the first, are elements that may stand in columns.
    pub(super) elements: usize,
    /// Whether the elements are all numbers, which are aligned on the right.
    pub(super) numeric: bool,
}

/// Where the value stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// The column at which its lines begin.
    pub(super) indent: usize,
    /// The column after which a line is too long; the highest number: everything goes on one line.
    pub(super) width: usize,
    /// How many levels of nesting are inside it.
    pub(super) levels: usize,
}

/// The value on as few lines as are pleasant to read.
pub(super) fn lay_out(parts: Parts, place: Place) -> String {
    let Parts {
        base,
        open,
        close,
        items,
        elements,
        numeric,
    } = parts;
    let lead = if base.is_empty() {
        open
    } else {
        format!("{base} {open}")
    };
    let entries = items.len();
    let one_line = place.width == usize::MAX;
    let items = if elements > COLUMNS_FROM && !one_line {
        columns(items, elements, numeric, place)
    } else {
        items
    };
    if (place.levels < COMPACT || one_line) && items.len() == entries && fits(&items, &lead, place)
    {
        return format!("{lead} {} {close}", items.join(", "));
    }
    let newline = format!("\n{}", " ".repeat(place.indent));
    let separator = format!(",{newline}  ");
    format!(
        "{lead}{newline}  {}{newline}{close}",
        items.join(&separator)
    )
}

/// Whether the items fit on one line.
fn fits(items: &[String], lead: &str, place: Place) -> bool {
    // Room for what may follow: brackets, commas and the key of the next level.
    const MARGIN: usize = 10;
    let mut columns = 2 * items.len() + place.indent + width(lead) + MARGIN;
    for item in items {
        columns += width(item);
        if columns > place.width || item.contains('\n') {
            return false;
        }
    }
    columns <= place.width && !lead.contains('\n')
}

/// Puts the first `elements` items into columns, when they are alike enough for that to look well.
fn columns(items: Vec<String>, elements: usize, numeric: bool, place: Place) -> Vec<String> {
    const SEPARATOR: usize = 2;
    let widths: Vec<usize> = items[..elements].iter().map(|item| width(item)).collect();
    let total: usize = widths.iter().map(|width| width + SEPARATOR).sum();
    let longest = widths.iter().copied().max().unwrap_or(0);
    let widest = longest + SEPARATOR;
    // One entry much longer than the others would tear holes between them.
    let alike = total > 5 * widest || longest <= 6;
    if widest * 3 + place.indent >= place.width
        || !alike
        || items[..elements].iter().any(|item| item.contains('\n'))
    {
        return items;
    }
    let count = column_count(total, widest, elements, place);
    if count <= 1 {
        return items;
    }
    let column_width = |column: usize| {
        widths
            .iter()
            .skip(column)
            .step_by(count)
            .copied()
            .max()
            .unwrap_or(0)
    };
    let column_widths: Vec<usize> = (0..count).map(column_width).collect();
    let mut rows = Vec::with_capacity(elements / count + 1);
    for (row, widths) in items[..elements].chunks(count).zip(widths.chunks(count)) {
        let mut line = String::new();
        for (column, (item, width)) in row.iter().zip(widths).enumerate() {
            let is_last = column + 1 == row.len();
            let padding = " ".repeat(column_widths[column] - width);
            match (numeric, is_last) {
                (true, true) => line.extend([&*padding, item]),
                (true, false) => line.extend([&*padding, item, ", "]),
                (false, true) => line.push_str(item),
                (false, false) => line.extend([item, ", ", &*padding]),
            }
        }
        rows.push(line);
    }
    rows.extend(items.into_iter().skip(elements));
    rows
}

/// How many columns make a block that is about as high as it is wide.
#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small counts, never negative"
)]
fn column_count(total: usize, widest: usize, elements: usize, place: Place) -> usize {
    const MAX: usize = 15;
    /// A character is about this much higher than wide.
    const RATIO: f64 = 2.5;
    let count = elements as f64;
    let bias = (widest as f64 - total as f64 / count).max(0.0).sqrt();
    let biased = (widest as f64 - 3.0 - bias).max(1.0);
    let square = ((RATIO * biased * count).sqrt() / biased).round() as usize;
    square
        .min(place.width.saturating_sub(place.indent) / widest)
        .min(COMPACT * 4)
        .min(MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(items: &[&str], elements: usize, numeric: bool, expect: &str) {
        let items = items.iter().map(|item| (*item).to_owned()).collect();
        let parts = Parts {
            open: "[".to_owned(),
            close: ']',
            items,
            elements,
            numeric,
            ..Parts::default()
        };
        assert_eq!(
            lay_out(
                parts,
                Place {
                    indent: 0,
                    width: 80,
                    levels: 0
                }
            ),
            expect
        );
    }

    #[test]
    fn few_short_items_share_a_line() {
        check(&["1", "2", "a: 3"], 2, true, "[ 1, 2, a: 3 ]");
    }

    #[test]
    fn a_line_that_would_be_too_long_is_broken_everywhere() {
        let long = "x".repeat(40);
        check(
            &[&long, &long],
            0,
            false,
            &format!("[\n  {long},\n  {long}\n]"),
        );
    }

    #[test]
    fn many_numbers_stand_in_columns_aligned_on_the_right() {
        let items: Vec<String> = (0..20).map(|n| (n * 10).to_string()).collect();
        let items: Vec<&str> = items.iter().map(String::as_str).collect();
        check(
            &items,
            20,
            true,
            "[\n    0,  10,  20,  30,  40,  50,\n   60,  70,  80,  90, 100, 110,\n  120, 130, 140, 150, 160, 170,\n  180, 190\n]",
        );
    }
}
