//! `console.table`: rows and columns from an array, an object, a map or a set.

use std::collections::HashMap;
use std::fmt::Write as _;

use runtime_core::engine::{Cx, Kind, Object, Property, Type, Value};
use runtime_core::inspect::{Options, inspect, inspect_closed, width};

/// The column of rows that are no objects.
const VALUES: &str = "Values";

/// How many elements of an array a cell shows.
const ITEMS: usize = 3;

/// An object with more properties than this is not looked into.
const PROPERTIES: usize = 2;

/// The table of `data`; none when there is nothing to tabulate. `only` says which columns there are.
pub(super) fn table<'js>(
    cx: &mut Cx<'js>,
    data: &Value<'js>,
    only: Option<&[String]>,
    options: &Options,
) -> Option<String> {
    let object = data.as_object().filter(|object| !object.is_proxy())?;
    let options = Options {
        items: ITEMS,
        ..*options
    }
    .on_one_line();
    let mut table = Table::default();
    match object.kind() {
        Kind::Map => {
            table.head = "(iteration index)";
            for (index, (key, value)) in object.map_entries()?.iter().enumerate() {
                let row = table.row(index.to_string());
                let key = cell(cx, key, &options);
                table.put(row, "Key", key);
                let value = cell(cx, value, &options);
                table.put(row, VALUES, value);
            }
        }
        Kind::Set => {
            table.head = "(iteration index)";
            for (index, value) in object.set_values()?.iter().enumerate() {
                let row = table.row(index.to_string());
                let value = cell(cx, value, &options);
                table.put(row, VALUES, value);
            }
        }
        _ => {
            for (name, property) in properties(cx, &object) {
                let row = table.row(name);
                fill(cx, &mut table, row, &property, only, &options);
            }
            if let Some(only) = only {
                table
                    .columns
                    .retain(|column| only.contains(column) || column == VALUES);
            }
            // The values of rows that are no objects stand last.
            if let Some(at) = table.columns.iter().position(|column| column == VALUES) {
                table.columns[at..].rotate_left(1);
            }
        }
    }
    Some(table.render())
}

/// One row: a property a column of an object, one column for all else.
fn fill<'js>(
    cx: &mut Cx<'js>,
    table: &mut Table,
    row: usize,
    property: &Property<'js>,
    only: Option<&[String]>,
    options: &Options,
) {
    let object = property.value.as_ref().and_then(Value::as_object);
    let Some(object) = object.filter(|object| !object.is_proxy()) else {
        let text = shown(cx, property, options);
        return table.put(row, VALUES, text);
    };
    for name in only.unwrap_or_default() {
        table.column(name);
    }
    for (name, property) in properties(cx, &object) {
        if only.is_none_or(|only| only.contains(&name)) {
            let text = shown(cx, &property, options);
            table.put(row, &name, text);
        }
    }
}

/// The own enumerable properties that have names.
fn properties<'js>(cx: &mut Cx<'js>, object: &Object<'js>) -> Vec<(String, Property<'js>)> {
    let mut found = Vec::new();
    for key in object.own_keys(cx).unwrap_or_default() {
        let Some(name) = key.as_string() else {
            continue;
        };
        if let Ok(Some(property)) = object.own_property(cx, &key)
            && property.enumerable
        {
            found.push((name, property));
        }
    }
    found
}

fn shown<'js>(cx: &mut Cx<'js>, property: &Property<'js>, options: &Options) -> String {
    match &property.value {
        Some(value) => cell(cx, value, options),
        None => "[Getter]".to_owned(),
    }
}

/// A value on one line.
fn cell<'js>(cx: &mut Cx<'js>, value: &Value<'js>, options: &Options) -> String {
    let object = value
        .as_object()
        .filter(|object| !object.is_proxy() && !object.is_array());
    let is_large = match object {
        Some(object) if value.type_of() == Type::Object => {
            properties(cx, &object).len() > PROPERTIES
        }
        _ => false,
    };
    let text = if is_large {
        inspect_closed(cx, value, options)
    } else {
        inspect(
            cx,
            value,
            &Options {
                depth: Some(0),
                ..*options
            },
        )
    };
    // An error's stack does not fit into a cell.
    match text.split_once('\n') {
        Some((first, _)) => format!("{first} …"),
        None => text,
    }
}

struct Table {
    head: &'static str,
    columns: Vec<String>,
    /// The name of each row, and its cells by their columns.
    rows: Vec<(String, HashMap<String, String>)>,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            head: "(index)",
            columns: Vec::new(),
            rows: Vec::new(),
        }
    }
}

impl Table {
    fn row(&mut self, name: String) -> usize {
        self.rows.push((name, HashMap::new()));
        self.rows.len() - 1
    }

    fn column(&mut self, name: &str) {
        if !self.columns.iter().any(|column| column == name) {
            self.columns.push(name.to_owned());
        }
    }

    fn put(&mut self, row: usize, column: &str, text: String) {
        self.column(column);
        self.rows[row].1.insert(column.to_owned(), text);
    }

    fn render(&self) -> String {
        let mut lines = vec![
            [self.head]
                .into_iter()
                .chain(self.columns.iter().map(String::as_str))
                .collect::<Vec<_>>(),
        ];
        for (name, cells) in &self.rows {
            let cells = self
                .columns
                .iter()
                .map(|column| cells.get(column).map_or("", String::as_str));
            lines.push([name.as_str()].into_iter().chain(cells).collect());
        }
        let columns = 0..lines[0].len();
        let widths: Vec<usize> = columns
            .map(|column| {
                lines
                    .iter()
                    .map(|line| width(line[column]))
                    .max()
                    .unwrap_or(0)
            })
            .collect();
        let rule = |left: &str, middle: &str, right: &str| {
            let parts: Vec<String> = widths.iter().map(|width| "─".repeat(width + 2)).collect();
            format!("{left}{}{right}", parts.join(middle))
        };
        let mut text = rule("┌", "┬", "┐") + "\n";
        for (at, line) in lines.iter().enumerate() {
            for (cell, column) in line.iter().zip(&widths) {
                // Writing to a string cannot fail.
                let _ = write!(text, "│ {cell}{} ", " ".repeat(column - width(cell)));
            }
            text.push_str("│\n");
            if at == 0 {
                text.push_str(&rule("├", "┼", "┤"));
                text.push('\n');
            }
        }
        text + &rule("└", "┴", "┘")
    }
}
