/** The same figures as a table, for every kind of panel: the chart's twin, what is exported and what a test reads. */

import type { components } from "../api/schema";
import {
  type Column,
  cellText,
  isNumericColumn,
  type Look,
  plainRow,
  type Row,
  type Scalar,
  sharedCurrency,
  type TableModel,
  TEXT,
} from "./model";

type Schemas = components["schemas"];
type LineData = Schemas["LineData"];
type BarData = Schemas["BarData"];
type SliceData = Schemas["SliceData"];
type TableData = Schemas["TableData"];
type ComparisonData = Schemas["ComparisonData"];
type Series = Schemas["Series"];
type Cell = Schemas["Cell"];

const seriesKey = (index: number) => `series_${index}`;

/** One row per point of the axis, one column per series. */
function seriesTable(axis: Column, points: readonly Scalar[], series: readonly Series[]): TableModel {
  const columns = series.map((one, index) => ({
    key: seriesKey(index),
    label: one.label,
    look: one,
    currency: one.currency ?? undefined,
  }));
  const rows = points.map((point, place) => {
    const values: Record<string, Scalar> = { [axis.key]: point };
    const reasons: Record<string, string> = {};
    series.forEach((one, index) => {
      const value = one.values[place] ?? null;
      values[seriesKey(index)] = value;
      if (value === null && one.reason) reasons[seriesKey(index)] = one.reason;
    });
    return plainRow(String(point ?? place), values, { reasons });
  });
  return { columns: [axis, ...columns], rows };
}

export function lineTable(data: LineData): TableModel {
  const look: Look = { ...TEXT, format: data.x_format };
  return seriesTable({ key: "x", label: data.x_format === "date" ? "Date" : "", look }, data.x, data.series);
}

export function barTable(data: BarData): TableModel {
  return seriesTable({ key: "label", label: "Name", look: TEXT }, data.labels, data.series);
}

export function sliceTable(data: SliceData): TableModel {
  const rows = data.slices.map((slice, index) =>
    plainRow(
      `${index}-${slice.label}`,
      { label: slice.label, value: slice.value },
      {
        currencies: slice.currency ? { value: slice.currency } : {},
        reasons: slice.reason ? { value: slice.reason } : {},
      },
    ),
  );
  const look = data.slices[0] ?? TEXT;
  return {
    columns: [
      { key: "label", label: "Part", look: TEXT },
      { key: "value", label: "Value", look, currency: sharedCurrency("value", rows) },
    ],
    rows,
  };
}

/** Single figures, each in its own unit, so written out as text; their reasons beside the dashes. */
export function cellsTable(cells: readonly Cell[]): TableModel {
  return comparisonTable({ columns: ["Value"], rows: cells.map((cell) => ({ label: cell.label, cells: [cell] })) });
}

export function heatmapTable(data: Schemas["HeatmapData"]): TableModel {
  const table = comparisonTable(data);
  const levels = data.rows.some((row) => row.cells.some((cell) => cell.level !== null));
  if (!levels) return table;
  const words = data.rows.map((row) => ({
    label: row.label,
    cells: row.cells.map((cell): Cell => ({ ...cell, format: "text", unit: null, value: cell.level })),
  }));
  const named = comparisonTable({ columns: data.columns, rows: words });
  const key = (column: Column) => `level_${column.key}`;
  return {
    columns: [
      ...table.columns,
      ...named.columns.slice(1).map((column) => ({ ...column, key: key(column), label: `${column.label}, level` })),
    ],
    rows: table.rows.map((row, place) => {
      const level = named.rows[place]?.values ?? {};
      const more = Object.fromEntries(named.columns.slice(1).map((column) => [key(column), level[column.key] ?? null]));
      return { ...row, values: { ...row.values, ...more } };
    }),
  };
}

function known(cells: readonly (Cell | null)[]): Cell[] {
  return cells.filter((cell) => cell !== null);
}

export function gaugeTable(data: Schemas["GaugeData"]): TableModel {
  const marks = known([data.value, data.minimum, data.maximum, data.limit]);
  return cellsTable([...marks, ...(data.waterfall?.slices ?? []), ...data.metrics]);
}

export function standingTable(data: Schemas["StandingData"]): TableModel {
  return cellsTable([data.state, ...data.metrics, ...(data.probabilities?.slices ?? [])]);
}

const MET = { true: "\u2713 met", false: "\u2717 not met" } as const;

/** The criteria, with a column that says of each whether it is met. */
export function scorecardTable(data: Schemas["ScorecardData"]): TableModel | null {
  if (!data.criteria) return null;
  const table = dataTable(data.criteria);
  const { passed } = data;
  if (passed === null) return table;
  const rows = table.rows.map((row) => {
    const met = row.values[passed];
    const word = met === true ? MET.true : met === false ? MET.false : null;
    const reasons = word === null ? { ...row.reasons, __met: "Not enough is known to say." } : row.reasons;
    return { ...row, values: { ...row.values, __met: word }, reasons };
  });
  return { columns: [...table.columns, { key: "__met", label: "Met", look: TEXT }], rows };
}

function tableRow(row: TableData["rows"][number], key: string | null, index: number): Row {
  const identity = key ? row.values[key] : undefined;
  return { ...row, id: identity === null || identity === undefined ? String(index) : String(identity) };
}

export function dataTable(data: TableData): TableModel {
  const rows = data.rows.map((row, index) => tableRow(row, data.key, index));
  const columns = data.columns.map((column) => ({
    key: column.field,
    label: column.label,
    look: column,
    currency: sharedCurrency(column.field, rows),
    figures:
      column.unit === null &&
      rows.some((row) => isNumericColumn({ look: { ...column, unit: row.units[column.field] ?? null } })),
  }));
  const opens = data.opens && data.key ? { pattern: data.opens, key: data.key } : undefined;
  return { columns, rows, opens };
}

/** Figures down, cases across; each row has its own unit, so the cells are written out as text. */
export function comparisonTable(data: ComparisonData): TableModel {
  const columns = data.columns.map((label, index) => ({ key: seriesKey(index), label, look: TEXT, figures: true }));
  const rows = data.rows.map((row, place) => {
    const values: Record<string, Scalar> = { label: row.label };
    const reasons: Record<string, string> = {};
    row.cells.forEach((cell, index) => {
      const column = { key: "value", label: "", look: cell };
      const single = plainRow("", { value: cell.value }, { currencies: cell.currency ? { value: cell.currency } : {} });
      values[seriesKey(index)] = cell.value === null ? null : cellText(column, single);
      if (cell.reason) reasons[seriesKey(index)] = cell.reason;
    });
    return plainRow(`${place}-${row.label}`, values, { reasons });
  });
  return { columns: [{ key: "label", label: "Figure", look: TEXT }, ...columns], rows };
}
