/** What a page adds to a panel from the same answer, where the panel alone does not say it all. */

import type { ReactNode } from "react";
import type { Panel } from "../api/types";
import type { Column, Detail, Row, Series, TableModel } from "./model";

/** For a table: totals, rows below a row, further columns that start hidden. */
export type TableSupplement = {
  totals: Row;
  totalsLabel: string;
  detail: Detail;
  extend: (table: TableModel) => { columns: readonly Column[]; rows: readonly Row[] };
};

export type Supplement = {
  table?: () => TableSupplement;
  /** Further series of a line chart, one value per point; events when most are nothing. */
  series?: readonly Series[];
  /** Below the panel's figures. */
  footer?: () => ReactNode;
  span?: number;
};

export type Supplements = Readonly<Record<string, Supplement>>;

/** The panel with the further series, where it is a line chart and they fit its axis. */
export function withSeries(panel: Panel, series: readonly Series[] = []): Panel {
  if (panel.type !== "line_chart" || !panel.data) return panel;
  const { data } = panel;
  const fitting = series.filter((one) => one.values.length === data.x.length);
  return fitting.length === 0 ? panel : { ...panel, data: { ...data, series: [...data.series, ...fitting] } };
}
