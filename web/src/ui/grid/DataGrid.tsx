/** The one table of the app: multi-column sort, quick filter, chosen columns, sticky heading and totals, expandable rows, export. */

import { type SortingState, useTable } from "@tanstack/react-table";
import { Fragment, useEffect, useId, useMemo, useState } from "react";
import { remember, remembered } from "../../lib/storage";
import { cellText, type Row, type TableModel } from "../../panels/model";
import classes from "./DataGrid.module.css";
import { DetailTable } from "./DetailTable";
import { GridCell } from "./GridCell";
import { GridHeader } from "./GridHeader";
import { GridToolbar } from "./GridToolbar";
import { exportedCells, type Precision } from "./grid-export";
import { features, globalFilter, gridColumns, readView } from "./grid-model";

export type DataGridProps = {
  /** Names the grid where its view is remembered and its files are saved. */
  name: string;
  /** What the rows are, in the plural: "holdings". */
  noun: string;
  caption: string;
  table: TableModel;
  initialSorting?: SortingState;
  /** Facts that belong in the file name: the pack, say. */
  fileStem: string;
  /** A table of a few rows needs no filter and no choice of columns. */
  compact?: boolean;
  /** Whether the key / leads to this grid's filter. */
  filterKey?: boolean;
};

export function DataGrid({
  name,
  noun,
  caption,
  table: model,
  initialSorting = [],
  fileStem,
  compact = false,
  filterKey = true,
}: DataGridProps) {
  const storageKey = `dawsos.grid.${name}`;
  const { columns, rows } = model;
  const data = useMemo(() => [...rows], [rows]);
  const definitions = useMemo(() => gridColumns(columns), [columns]);
  const search = useMemo(() => globalFilter(columns), [columns]);
  const [view] = useState(() => remembered(storageKey, (value) => readView(value, columns)));
  const hidden = view?.hidden ?? columns.filter((column) => column.hidden).map((column) => column.key);

  const grid = useTable({
    features,
    columns: definitions,
    data,
    getRowId: (row: Row) => row.id,
    globalFilterFn: search,
    getColumnCanGlobalFilter: () => true,
    getRowCanExpand: (row) => (model.detail?.rowsOf(row.original).length ?? 0) > 0,
    isMultiSortEvent: (event: unknown) => isShifted(event),
    initialState: {
      sorting: view?.sorting ?? initialSorting,
      columnVisibility: Object.fromEntries(hidden.map((key) => [key, false])),
    },
  });

  const { sorting, columnVisibility } = grid.state;
  useEffect(() => {
    const hiddenNow = Object.keys(columnVisibility).filter((key) => columnVisibility[key] === false);
    remember(storageKey, { sorting, hidden: hiddenNow });
  }, [storageKey, sorting, columnVisibility]);

  const shownKeys = grid.getVisibleLeafColumns().map((column) => column.id);
  const shownColumns = columns.filter((column) => shownKeys.includes(column.key));
  const shownRows = grid.getRowModel().rows;
  const totals = model.totals ? { row: model.totals, label: model.totalsLabel ?? "Total" } : undefined;
  const cells = (precision: Precision) =>
    exportedCells(
      shownColumns,
      shownRows.map((row) => row.original),
      precision,
      totals,
    );
  const headingOf = (row: Row) => (shownColumns[0] ? cellText(shownColumns[0], row) : row.id);
  const id = useId();

  return (
    <div className={classes.grid}>
      <GridToolbar
        noun={noun}
        columns={columns}
        shownKeys={shownKeys}
        onToggleColumn={(key) => grid.getColumn(key)?.toggleVisibility()}
        filter={typeof grid.state.globalFilter === "string" ? grid.state.globalFilter : ""}
        onFilter={(words) => grid.setGlobalFilter(words === "" ? undefined : words)}
        shown={shownRows.length}
        total={rows.length}
        cells={cells}
        fileStem={fileStem}
        compact={compact}
        filterKey={filterKey}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={classes.scroller} aria-label={`${caption}, scrollable`} tabIndex={0}>
        <table className={classes.table}>
          <caption className="sr-only">{caption}</caption>
          <thead>
            <tr>
              {shownColumns.map((column, index) => {
                const gridColumn = grid.getColumn(column.key);
                return gridColumn ? (
                  <GridHeader
                    key={column.key}
                    column={column}
                    gridColumn={gridColumn}
                    first={index === 0}
                    sorts={sorting.length}
                  />
                ) : null;
              })}
            </tr>
          </thead>
          <tbody>
            {shownRows.map((row) => {
              const open = row.getIsExpanded();
              const detailId = `${id}-${row.id}`;
              return (
                <Fragment key={row.id}>
                  <tr className={open ? classes.open : undefined}>
                    {shownColumns.map((column, index) => (
                      <GridCell
                        key={column.key}
                        column={column}
                        row={row.original}
                        first={index === 0}
                        opens={index === 0 ? model.opens : undefined}
                        expander={
                          index === 0 && model.detail && row.getCanExpand()
                            ? { open, detailId, title: model.detail.title, toggle: () => row.toggleExpanded() }
                            : undefined
                        }
                      />
                    ))}
                  </tr>
                  {open && model.detail && (
                    <tr className={classes.detailRow}>
                      <td colSpan={shownColumns.length} id={detailId}>
                        <DetailTable detail={model.detail} row={row.original} heading={headingOf(row.original)} />
                      </td>
                    </tr>
                  )}
                </Fragment>
              );
            })}
            {shownRows.length === 0 && (
              <tr>
                <td className={classes.nothing} colSpan={shownColumns.length}>
                  {rows.length === 0 ? `There are no ${noun}.` : `No ${noun} match the filter.`}
                </td>
              </tr>
            )}
          </tbody>
          {totals && (
            <tfoot>
              <tr>
                {shownColumns.map((column, index) => (
                  <GridCell
                    key={column.key}
                    column={column}
                    row={totals.row}
                    first={index === 0}
                    total={index === 0 && !(column.key in totals.row.values) ? totals.label : ""}
                  />
                ))}
              </tr>
            </tfoot>
          )}
        </table>
      </section>
    </div>
  );
}

function isShifted(event: unknown): boolean {
  return typeof event === "object" && event !== null && "shiftKey" in event && event.shiftKey === true;
}
