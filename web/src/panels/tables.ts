/** The same figures as a table, for every kind of panel: the chart's twin, what is exported and what a test reads. */

import type { components } from "../api/schema";
import {
  type Column,
  cellText,
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
  }));
  return { columns, rows };
}

/** Figures down, cases across; each row has its own unit, so the cells are written out as text. */
export function comparisonTable(data: ComparisonData): TableModel {
  const columns = data.columns.map((label, index) => ({ key: seriesKey(index), label, look: TEXT }));
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
