/** What a page adds to a panel from the same answer, where the panel alone does not say it all. */

import type { ReactNode } from "react";
import type { Column, Detail, Row, TableModel } from "./model";

/** For a table: totals, rows below a row, further columns that start hidden. */
export type TableSupplement = {
  totals: Row;
  totalsLabel: string;
  detail: Detail;
  extend: (table: TableModel) => { columns: readonly Column[]; rows: readonly Row[] };
};

export type Supplement = {
  table?: () => TableSupplement;
  /** Below the panel's figures. */
  footer?: () => ReactNode;
  span?: number;
};

export type Supplements = Readonly<Record<string, Supplement>>;
