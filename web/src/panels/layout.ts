/** Rows of twelve: small panels are pulled forward to fill a row, and what still does not fill it is widened. */

import type { Panel } from "../api/types";
import type { Supplements } from "./supplement";

export type Placed = { panel: Panel; span: number };

const ROW = 12;
const FEW_ROWS = 8;
const FEW_COLUMNS = 6;
const FEW_METRICS = 4;

/** A table of a few short rows fits beside a chart. */
export function isCompact(panel: Panel): boolean {
  return (
    panel.type === "table" &&
    panel.data !== null &&
    panel.data.rows.length <= FEW_ROWS &&
    panel.data.columns.length <= FEW_COLUMNS
  );
}

/** How much of a row a kind of panel asks for. */
export function spanOf(panel: Panel): number {
  switch (panel.type) {
    case "metrics_grid":
      return panel.data !== null && panel.data.metrics.length <= FEW_METRICS ? 4 : ROW;
    case "table":
      return isCompact(panel) ? 8 : ROW;
    case "news_list":
    case "action_cards":
    case "comparison_table":
    case "comparison_grid":
    case "dual_list":
    case "tabbed_content":
    case "report_viewer":
      return ROW;
    case "heatmap":
    case "scorecard":
    case "chart_with_metrics":
      return 8;
    case "regime_widget":
    case "cycle_card":
      return panel.data?.indicators ? 6 : 4;
    case "gauge_with_waterfall":
      return 6;
    case "line_chart":
    case "multi_line_chart":
    case "stacked_area":
    case "dual_line":
      return 8;
    default:
      return 4;
  }
}

/** The first panel and those after it that still fit its row. */
function takeRow(panels: readonly Placed[]): { row: Placed[]; rest: Placed[] } {
  const row: Placed[] = [];
  const rest: Placed[] = [];
  let used = 0;
  for (const placed of panels) {
    if (used + placed.span <= ROW) {
      row.push(placed);
      used += placed.span;
    } else {
      rest.push(placed);
    }
  }
  return { row, rest };
}

/** Two thirds and one third stay so; other panels that leave room share the row equally; one alone takes it all. */
function widened(row: readonly Placed[]): Placed[] {
  const used = row.reduce((sum, placed) => sum + placed.span, 0);
  if (used === ROW) return [...row];
  return row.map((placed) => ({ ...placed, span: ROW / row.length }));
}

export function layout(panels: readonly Panel[], supplements: Supplements = {}): Placed[] {
  const placed: Placed[] = [];
  let waiting: Placed[] = panels.map((panel) => ({ panel, span: supplements[panel.id]?.span ?? spanOf(panel) }));
  while (waiting.length > 0) {
    const { row, rest } = takeRow(waiting);
    placed.push(...widened(row));
    waiting = rest;
  }
  return placed;
}
