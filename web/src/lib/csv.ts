/** Rows to CSV (RFC 4180) and tab-separated text that no spreadsheet will run as a formula. */

export type Cell = string;

const RISKY_START = /^[=+\-@\t\r]/;
const PLAIN_NUMBER = /^[+-]?[\d.,'\u00a0\u202f ]*\d\s?%?$/;

/** A leading = + - @ tab or return makes a spreadsheet evaluate the cell; a quote before it makes it text. Numbers pass. */
export function withoutFormula(cell: Cell): Cell {
  return RISKY_START.test(cell) && !PLAIN_NUMBER.test(cell) ? `'${cell}` : cell;
}

function quoted(cell: Cell): Cell {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

export function toCsv(rows: readonly (readonly Cell[])[]): string {
  return rows
    .map((row) => row.map((cell) => quoted(withoutFormula(cell))).join(","))
    .join("\r\n")
    .concat("\r\n");
}

export function toTabSeparated(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => row.map((cell) => withoutFormula(cell).replace(/[\t\r\n]+/g, " ")).join("\t")).join("\n");
}
