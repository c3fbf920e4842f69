/** The figures of every kind of panel as tables: the twin of a chart, and what is saved as CSV. */

import type { Panel } from "../api/types";
import type { Part } from "./composed/Parts";
import type { TableModel } from "./model";
import {
  barTable,
  cellsTable,
  comparisonTable,
  dataTable,
  gaugeTable,
  heatmapTable,
  lineTable,
  scorecardTable,
  sliceTable,
  standingTable,
} from "./tables";

/** The panel's figures as a table; null for kinds that already are one, or that hold several. */
export function twinOf(panel: Panel): TableModel | null {
  switch (panel.type) {
    case "line_chart":
    case "multi_line_chart":
    case "stacked_area":
    case "dual_line":
      return panel.data && lineTable(panel.data);
    case "bar_chart":
      return panel.data && barTable(panel.data);
    case "pie_chart":
    case "donut_chart":
    case "waterfall":
      return panel.data && sliceTable(panel.data);
    case "heatmap":
      return panel.data && heatmapTable(panel.data);
    case "gauge_with_waterfall":
      return panel.data && gaugeTable(panel.data);
    case "regime_widget":
    case "cycle_card":
      return panel.data && standingTable(panel.data);
    case "chart_with_metrics":
      return panel.data && chartTable(panel.data.chart);
    case "news_list":
    case "action_cards":
      return panel.data && dataTable(panel.data);
    default:
      return null;
  }
}

type Chart = NonNullable<Extract<Panel, { type: "chart_with_metrics" }>["data"]>["chart"];

function chartTable(chart: Chart): TableModel {
  switch (chart.type) {
    case "bar_chart":
      return barTable(chart.data);
    case "pie_chart":
    case "donut_chart":
    case "waterfall":
      return sliceTable(chart.data);
    default:
      return lineTable(chart.data);
  }
}

/** What is saved as CSV. A table saves itself, with its own filter and order. */
export function exportsOf(panel: Panel): { name: string; table: TableModel }[] {
  switch (panel.type) {
    case "metrics_grid":
      return panel.data ? [{ name: "figures", table: cellsTable(panel.data.metrics) }] : [];
    case "status":
      return panel.data ? [{ name: "figures", table: cellsTable([panel.data.state, ...panel.data.items]) }] : [];
    case "report_viewer":
      return panel.data && panel.data.items.length > 0
        ? [{ name: "figures", table: cellsTable(panel.data.items) }]
        : [];
    case "comparison_table":
    case "comparison_grid":
      return panel.data ? [{ name: "comparison", table: comparisonTable(panel.data) }] : [];
    case "scorecard": {
      const criteria = panel.data && scorecardTable(panel.data);
      return [
        ...(panel.data && panel.data.metrics.length > 0
          ? [{ name: "figures", table: cellsTable(panel.data.metrics) }]
          : []),
        ...(criteria ? [{ name: "criteria", table: criteria }] : []),
      ];
    }
    case "dual_list":
      return panel.data
        ? [panel.data.left, panel.data.right].map((side) => ({ name: side.title, table: dataTable(side.table) }))
        : [];
    case "chart_with_metrics":
      return panel.data
        ? [
            { name: "chart", table: chartTable(panel.data.chart) },
            { name: "figures", table: cellsTable(panel.data.metrics) },
          ]
        : [];
    case "regime_widget":
    case "cycle_card":
      return panel.data?.indicators ? [{ name: "indicators", table: dataTable(panel.data.indicators) }] : [];
    case "tabbed_content":
      return (panel.data?.tabs ?? []).flatMap((tab) =>
        tab.parts.flatMap((part, index) => {
          const table = partTable(part);
          return table ? [{ name: `${tab.label} ${part.title ?? index + 1}`, table }] : [];
        }),
      );
    case "table":
      return [];
    default: {
      const twin = twinOf(panel);
      return twin ? [{ name: "figures", table: twin }] : [];
    }
  }
}

function partTable(part: Part): TableModel | null {
  switch (part.type) {
    case "metrics_grid":
      return cellsTable(part.data.metrics);
    case "table":
      return dataTable(part.data);
    case "comparison_table":
    case "comparison_grid":
      return comparisonTable(part.data);
    case "text":
      return null;
    default:
      return chartTable(part);
  }
}
