//! `console.table`: rows and columns from an array, an object, a map or a set.

use std::collections::HashMap;

use runtime_core::engine::{Cx, Kind, Object, Property, Type, Value};
use runtime_core::inspect::{Options, inspect, inspect_closed, width};
use runtime_core::{Error, Held};

use super::text::Text;

/// The column of rows that are no objects.
const VALUES: &str = "Values";

/// How many elements of an array a cell shows.
const ITEMS: usize = 3;

/// An object with more properties than this is not looked into.
const PROPERTIES: usize = 2;

/// What a row or a cell takes beside its characters.
const ENTRY: usize = 96;

/// The table of `data`; none when there is nothing to tabulate. `only` says which columns there are.
pub(super) fn table<'js>(
    cx: &mut Cx<'js>,
    data: &Value<'js>,
    only: Option<&[String]>,
    options: &Options,
) -> Result<Option<Text>, Error<'js>> {
    let Some(object) = data.as_object().filter(|object| !object.is_proxy()) else {
        return Ok(None);
    };
    let options = Options {
        items: ITEMS,
        ..*options
    }
    .on_one_line();
    let mut table = Table::default();
    match object.kind() {
        Kind::Map => {
            table.head = "(iteration index)";
            let entries = object.map_entries().unwrap_or_default();
            for (index, (key, value)) in entries.iter().enumerate() {
                let row = table.row(cx, index.to_string())?;
                let key = cell(cx, key, &options);
                table.put(cx, row, "Key", key)?;
                let value = cell(cx, value, &options);
                table.put(cx, row, VALUES, value)?;
            }
        }
        Kind::Set => {
            table.head = "(iteration index)";
            let values = object.set_values().unwrap_or_default();
            for (index, value) in values.iter().enumerate() {
                let row = table.row(cx, index.to_string())?;
                let value = cell(cx, value, &options);
                table.put(cx, row, VALUES, value)?;
            }
        }
        _ => {
            for (name, property) in properties(cx, &object) {
                let row = table.row(cx, name)?;
                fill(cx, &mut table, row, &property, only, &options)?;
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
    table.render(cx).map(Some)
}

/// One row: a property a column of an object, one column for all else.
fn fill<'js>(
    cx: &mut Cx<'js>,
    table: &mut Table,
    row: usize,
    property: &Property<'js>,
    only: Option<&[String]>,
    options: &Options,
) -> Result<(), Error<'js>> {
    let object = property.value.as_ref().and_then(Value::as_object);
    let Some(object) = object.filter(|object| !object.is_proxy()) else {
        let text = shown(cx, property, options);
        return table.put(cx, row, VALUES, text);
    };
    for name in only.unwrap_or_default() {
        table.column(cx, name)?;
    }
    for (name, property) in properties(cx, &object) {
        if only.is_none_or(|only| only.contains(&name)) {
            let text = shown(cx, &property, options);
            table.put(cx, row, &name, text)?;
        }
    }
    Ok(())
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
    /// All of these.
    held: Held,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            head: "(index)",
            columns: Vec::new(),
            rows: Vec::new(),
            held: Held::default(),
        }
    }
}

impl Table {
    fn row<'js>(&mut self, cx: &mut Cx<'js>, name: String) -> Result<usize, Error<'js>> {
        self.held.add(cx.charge(name.len() + ENTRY)?);
        self.rows.push((name, HashMap::new()));
        Ok(self.rows.len() - 1)
    }

    fn column<'js>(&mut self, cx: &mut Cx<'js>, name: &str) -> Result<(), Error<'js>> {
        if !self.columns.iter().any(|column| column == name) {
            self.held.add(cx.charge(name.len() + ENTRY)?);
            self.columns.push(name.to_owned());
        }
        Ok(())
    }

    fn put<'js>(
        &mut self,
        cx: &mut Cx<'js>,
        row: usize,
        column: &str,
        text: String,
    ) -> Result<(), Error<'js>> {
        self.column(cx, column)?;
        self.held.add(cx.charge(column.len() + text.len() + ENTRY)?);
        self.rows[row].1.insert(column.to_owned(), text);
        Ok(())
    }

    fn render<'js>(&self, cx: &mut Cx<'js>) -> Result<Text, Error<'js>> {
        // Every row has a cell in every column, be it an empty one.
        let cells = (self.rows.len() + 1).saturating_mul(self.columns.len() + 1);
        let _held = cx.charge(cells.saturating_mul(size_of::<&str>()))?;
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
        // Borders are of three bytes a column.
        let width_of_line: usize = widths.iter().map(|width| 3 * width + 12).sum();
        let _line = cx.charge(width_of_line)?;
        let rule = |left: &str, middle: &str, right: &str| {
            let parts: Vec<String> = widths.iter().map(|width| "─".repeat(width + 2)).collect();
            format!("{left}{}{right}", parts.join(middle))
        };
        let mut text = Text::default();
        text.push(cx, &rule("┌", "┬", "┐"))?;
        text.push(cx, "\n")?;
        for (at, line) in lines.iter().enumerate() {
            for (cell, column) in line.iter().zip(&widths) {
                text.push(cx, "│ ")?;
                text.push(cx, cell)?;
                text.push(cx, &" ".repeat(column - width(cell) + 1))?;
            }
            text.push(cx, "│\n")?;
            if at == 0 {
                text.push(cx, &rule("├", "┼", "┤"))?;
                text.push(cx, "\n")?;
            }
        }
        text.push(cx, &rule("└", "┴", "┘"))?;
        Ok(text)
    }
}
