/** What every panel is made of: a table whose columns have units. A chart's table twin is such a table, too. */

import type { components } from "../api/schema";
import { isDecimal, signOf } from "../lib/decimal";
import { type FormatOptions, formatValue, isNumericUnit, type Unit } from "../lib/format";

type Schemas = components["schemas"];
export type Scalar = string | number | boolean | null;
export type Cell = Schemas["Cell"];
export type Series = Schemas["Series"];
/** How a value is shown: a cell, a series and a table's column say it in the same words. */
export type Look = Pick<Cell, "format" | "unit" | "color_condition" | "threshold">;

export type Row = {
  id: string;
  values: Readonly<Record<string, Scalar>>;
  currencies: Readonly<Record<string, string>>;
  units: Readonly<Record<string, string>>;
  reasons: Readonly<Record<string, string>>;
  /** What must be known about a figure that is there: that its price is two days old, say. */
  notes?: Readonly<Record<string, string>>;
};

export type Column = {
  key: string;
  label: string;
  look: Look;
  /** The currency of the whole column; amounts in several currencies carry theirs beside them. */
  currency?: string | undefined;
  /** What the figure is, in a sentence, for the heading's tooltip. */
  description?: string | undefined;
  hidden?: boolean | undefined;
  /** Figures each in their own unit, or written out as text: they stand to the right like any other. */
  figures?: boolean | undefined;
};

/** Rows that belong to a row: the lots of a position. */
export type Detail = {
  title: string;
  rowsOf: (row: Row) => readonly Row[];
  columnsOf: (rows: readonly Row[]) => readonly Column[];
};

export type TableModel = {
  columns: readonly Column[];
  rows: readonly Row[];
  totals?: Row | undefined;
  totalsLabel?: string | undefined;
  detail?: Detail | undefined;
  /** The pattern that tells more of a row, and the field whose value it is given under that name. */
  opens?: { pattern: string; key: string } | undefined;
};

const UNITS = new Set<string>([
  "money",
  "price",
  "quantity",
  "exchange_rate",
  "fraction",
  "basis_points",
  "number",
  "score",
  "count",
  "seconds",
  "days",
  "years",
]);

function declaredUnit(unit: string | null | undefined): Unit | undefined {
  return unit && UNITS.has(unit) ? (unit as Unit) : undefined;
}

/** The unit a value is formatted by: the pattern's format where it is specific, else what the field declares. */
export function unitOf(look: Pick<Look, "format" | "unit">): Unit {
  const declared = declaredUnit(look.unit);
  switch (look.format) {
    case "percentage":
      return "fraction";
    case "currency":
      return declared === "price" ? "price" : "money";
    case "bps":
      return declared === "fraction" ? "fraction_bps" : "basis_points";
    case "decimal_2":
      return "decimal_2";
    case "date":
      return "date";
    case "number":
      return declared ?? "number";
    case "auto":
      // Pure numbers such as betas: two places, as in the reports and on the command line.
      return declared === "number" ? "decimal_2" : (declared ?? "auto");
    case "trend_arrow":
    case "rating":
      return declared ?? "auto";
    default:
      return "text";
  }
}

export function isNumericColumn(column: Pick<Column, "look" | "figures">): boolean {
  return column.figures || isNumericUnit(unitOf(column.look));
}

export type Standing = "gain" | "loss" | "";

/** How a value stands by its colour condition: its sign, or its place against the threshold. */
export function standing(value: unknown, look: Pick<Look, "color_condition" | "threshold">): Standing {
  if (typeof value !== "number" && !isDecimal(value)) return "";
  const above = Number(value) - (look.threshold ?? Number.NaN);
  switch (look.color_condition) {
    case "sign":
    case "sentiment":
      return signStanding(signOf(value));
    case "threshold":
      return above >= 0 ? "gain" : above < 0 ? "loss" : "";
    case "threshold_under":
      return above < 0 ? "loss" : "";
    case "threshold_over":
      return above > 0 ? "loss" : "";
    default:
      return "";
  }
}

function signStanding(sign: number): Standing {
  if (sign === 0) return "";
  return sign > 0 ? "gain" : "loss";
}

/** The text of a value in its look. */
export function shown(value: unknown, look: Look, options: FormatOptions = {}): string {
  return formatValue(value, unitOf(look), { signed: look.color_condition === "sign", ...options });
}

/** The currency all rows share in this column, if they do. */
export function sharedCurrency(key: string, rows: readonly Row[]): string | undefined {
  const named = new Set(rows.map((row) => row.currencies[key]).filter((currency) => currency !== undefined));
  return named.size === 1 ? [...named][0] : undefined;
}

/** How a column's value looks in a row: where units are data, each row names its own. */
export function lookIn(column: Column, row: Row): Look {
  const unit = row.units[column.key];
  return unit === undefined || column.look.unit !== null ? column.look : { ...column.look, unit };
}

/** How a column's value in a row is written: a currency that differs from row to row stands beside the amount. */
export function cellOptions(column: Column, row: Row): FormatOptions {
  const currency = row.currencies[column.key] ?? column.currency;
  return { currency, withCurrency: currency !== undefined && currency !== column.currency };
}

export function cellText(column: Column, row: Row): string {
  return shown(row.values[column.key], lookIn(column, row), cellOptions(column, row));
}

export function plainRow(
  id: string,
  values: Record<string, Scalar>,
  rest: Partial<Omit<Row, "id" | "values">> = {},
): Row {
  return { id, values, currencies: {}, units: {}, reasons: {}, ...rest };
}

export const TEXT: Look = { format: "text", unit: null, color_condition: null, threshold: null };
export const DATE: Look = { ...TEXT, format: "date" };
