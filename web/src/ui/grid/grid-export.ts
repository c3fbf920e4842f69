/** The rows and columns on the screen as cells: what is exported and copied. */

import type { Cell } from "../../lib/csv";
import { MISSING } from "../../lib/format";
import { type Column, cellText, type Row } from "../../panels/model";

export type Precision = "shown" | "exact";

/** The value as the server sent it; a missing one is an empty cell. */
function exactText(column: Column, row: Row): string {
  const value = row.values[column.key];
  if (value === null || value === undefined) return "";
  return String(value);
}

function exportedText(column: Column, row: Row, precision: Precision): Cell {
  if (precision === "exact") return exactText(column, row);
  const text = cellText(column, row);
  return text === MISSING ? "" : text;
}

/** A heading names the currency where the whole column has one. */
export function headingText(column: Column): string {
  return column.currency ? `${column.label} (${column.currency})` : column.label;
}

/** Headings, then one line per row in the order shown, then the totals when the table shows them. */
export function exportedCells(
  columns: readonly Column[],
  rows: readonly Row[],
  precision: Precision,
  totals?: { row: Row; label: string } | undefined,
): Cell[][] {
  const lines = rows.map((row) => columns.map((column) => exportedText(column, row, precision)));
  const cells = [columns.map(headingText), ...lines];
  if (totals) cells.push(columns.map((column, index) => totalCell(column, index, totals, precision)));
  return cells;
}

function totalCell(column: Column, index: number, totals: { row: Row; label: string }, precision: Precision): Cell {
  if (column.key in totals.row.values) return exportedText(column, totals.row, precision);
  return index === 0 ? totals.label : "";
}
