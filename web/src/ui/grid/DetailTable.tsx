/** The rows that belong to a row, shown below it: the lots of a position. */

import { type Column, type Detail, isNumericColumn, type Row, sharedCurrency } from "../../panels/model";
import classes from "./DataGrid.module.css";
import { RowValue } from "./GridCell";

export function DetailTable({ detail, row, heading }: { detail: Detail; row: Row; heading: string }) {
  const rows = detail.rowsOf(row);
  if (rows.length === 0) return <p className="muted">No {detail.title.toLowerCase()} are recorded.</p>;
  const columns = detail.columnsOf(rows).map((column) => ({
    ...column,
    currency: column.currency ?? sharedCurrency(column.key, rows),
  }));
  return <PlainTable caption={`${detail.title} of ${heading}`} columns={columns} rows={rows} />;
}

/** A small table without controls. */
export function PlainTable({
  caption,
  columns,
  rows,
  titled = false,
}: {
  caption: string;
  columns: readonly Column[];
  rows: readonly Row[];
  /** A heading above it says already what the caption says. */
  titled?: boolean;
}) {
  const align = (column: Column) => (isNumericColumn(column) ? classes.right : undefined);
  return (
    <table className={classes.detail}>
      <caption className={titled ? "sr-only" : undefined}>{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.key} scope="col" className={align(column)} title={column.description}>
              {column.label}
              {column.currency && <span className={classes.unit}> {column.currency}</span>}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((line) => (
          <tr key={line.id}>
            {columns.map((column) => (
              <td key={column.key} className={align(column)}>
                <RowValue column={column} row={line} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
