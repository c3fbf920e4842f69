/** How a table model becomes a sortable, filterable grid: comparison, search and the set of features in use. */

import {
  columnFilteringFeature,
  columnVisibilityFeature,
  createColumnHelper,
  createFilteredRowModel,
  createSortedRowModel,
  type FilterFn,
  globalFilteringFeature,
  rowExpandingFeature,
  rowSortingFeature,
  type SortFn,
  type SortingState,
  tableFeatures,
} from "@tanstack/react-table";
import { compareDecimals, isDecimal } from "../../lib/decimal";
import { type Column, cellText, isNumericColumn, type Row } from "../../panels/model";

export const features = tableFeatures({
  rowSortingFeature,
  columnVisibilityFeature,
  columnFilteringFeature,
  globalFilteringFeature,
  rowExpandingFeature,
  sortedRowModel: createSortedRowModel(),
  filteredRowModel: createFilteredRowModel(),
});

export type GridFeatures = typeof features;

/** Decimal strings by their exact value, numbers by theirs, everything else as text with numbers inside it in order. */
export function compareValues(left: unknown, right: unknown): number {
  if (typeof left === "number" && typeof right === "number") return Math.sign(left - right);
  if (isDecimal(left) && isDecimal(right)) return compareDecimals(left, right);
  return String(left).localeCompare(String(right), undefined, { numeric: true, sensitivity: "base" });
}

const byValue: SortFn<GridFeatures, Row> = (a, b, columnId) =>
  compareValues(a.getValue(columnId), b.getValue(columnId));

/** True when the text the cell shows, or the exact value behind it, contains the words sought. */
function contains(column: Column): (row: Row, words: string) => boolean {
  return (row, words) => {
    const sought = words.trim().toLocaleLowerCase();
    const value = row.values[column.key];
    return (
      cellText(column, row).toLocaleLowerCase().includes(sought) ||
      (typeof value === "string" && value.toLocaleLowerCase().includes(sought))
    );
  };
}

export function globalFilter(columns: readonly Column[]): FilterFn<GridFeatures, Row> {
  const search = new Map(columns.map((column) => [column.key, contains(column)]));
  return (row, columnId, words) => search.get(columnId)?.(row.original, String(words)) ?? false;
}

const helper = createColumnHelper<GridFeatures, Row>();

/** A missing value is `undefined` to the grid, which keeps it last in either direction. */
export function gridColumns(columns: readonly Column[]) {
  return helper.columns(
    columns.map((column) =>
      helper.accessor((row) => row.values[column.key] ?? undefined, {
        id: column.key,
        header: column.label,
        sortFn: byValue,
        sortUndefined: "last",
        sortDescFirst: isNumericColumn(column),
        enableGlobalFilter: true,
      }),
    ),
  );
}

export type GridView = { sorting: SortingState; hidden: string[] };

export function isSorting(value: unknown): value is SortingState {
  return (
    Array.isArray(value) &&
    value.every((entry) => typeof entry === "object" && entry !== null && "id" in entry && "desc" in entry)
  );
}

/** A remembered view, if it still fits the columns there are. */
export function readView(value: unknown, columns: readonly Column[]): GridView | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { sorting, hidden } = value as { sorting?: unknown; hidden?: unknown };
  if (!isSorting(sorting) || !Array.isArray(hidden)) return undefined;
  const known = new Set(columns.map((column) => column.key));
  return {
    sorting: sorting.filter((entry) => known.has(entry.id)),
    hidden: hidden.filter((key): key is string => typeof key === "string" && known.has(key)),
  };
}
