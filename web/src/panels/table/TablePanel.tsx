/** Rows with columns, in the one grid of the app. */

import { useMemo } from "react";
import type { components } from "../../api/schema";
import { DataGrid } from "../../ui/grid/DataGrid";
import type { TableModel } from "../model";
import type { TableSupplement } from "../supplement";
import { dataTable } from "../tables";

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
    return { ...plain, ...extend(plain), totals, totalsLabel, detail };
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
