/** Rows with columns, in the one grid of the app. */

import { useMemo } from "react";
import type { components } from "../../api/schema";
import { DataGrid } from "../../ui/grid/DataGrid";
import type { Column, Detail, Row, TableModel } from "../model";
import { dataTable } from "../tables";

/** What a page adds to a table panel from the same answer: totals, rows below a row, further columns that start hidden. */
export type TableSupplement = {
  totals?: Row | undefined;
  totalsLabel?: string | undefined;
  detail?: Detail | undefined;
  extend?: ((table: TableModel) => { columns: readonly Column[]; rows: readonly Row[] }) | undefined;
};

type Props = {
  id: string;
  title: string;
  data: components["schemas"]["TableData"];
  fileStem: string;
  supplement?: (() => TableSupplement) | undefined;
  compact: boolean;
};

export function TablePanel({ id, title, data, fileStem, supplement, compact }: Props) {
  const table = useMemo<TableModel>(() => {
    const plain = dataTable(data);
    if (!supplement) return plain;
    const { extend, totals, totalsLabel, detail } = supplement();
    return { ...plain, ...(extend ? extend(plain) : {}), totals, totalsLabel, detail };
  }, [data, supplement]);
  return (
    <DataGrid
      name={id}
      noun={title.toLocaleLowerCase()}
      caption={title}
      table={table}
      fileStem={fileStem}
      compact={compact}
    />
  );
}
