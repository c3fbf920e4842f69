/** A column's heading: a button that sorts, with Shift for a further column. */

import type { Column as GridColumn } from "@tanstack/react-table";
import { type Column, isNumericColumn, type Row } from "../../panels/model";
import { Icon } from "../icons";
import classes from "./DataGrid.module.css";
import type { GridFeatures } from "./grid-model";

const ARIA_SORT = { asc: "ascending", desc: "descending" } as const;

type Props = { column: Column; gridColumn: GridColumn<GridFeatures, Row>; first: boolean; sorts: number };

export function GridHeader({ column, gridColumn, first, sorts }: Props) {
  const direction = gridColumn.getIsSorted();
  const place = sorts > 1 && direction ? gridColumn.getSortIndex() + 1 : null;
  const align = isNumericColumn(column) ? classes.right : "";
  const heading = (
    <>
      {column.label}
      {column.currency && <span className={classes.unit}> {column.currency}</span>}
    </>
  );
  return (
    <th
      scope="col"
      className={`${align} ${first ? classes.first : ""}`}
      aria-sort={direction ? ARIA_SORT[direction] : undefined}
    >
      <button
        type="button"
        className={classes.sort}
        title={column.description}
        onClick={gridColumn.getToggleSortingHandler()}
      >
        <span>{heading}</span>
        <span className={classes.arrow} aria-hidden="true">
          {direction === "asc" && <Icon name="sort-up" size={14} />}
          {direction === "desc" && <Icon name="sort-down" size={14} />}
          {place}
        </span>
        {place && <span className="sr-only">sort level {place}</span>}
      </button>
      <span className="print-only" aria-hidden="true">
        {heading}
      </span>
    </th>
  );
}
