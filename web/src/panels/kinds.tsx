/** Which component shows which kind of panel, and which kinds have a chart with a table twin. */

import type { ReactNode } from "react";
import type { Panel } from "../api/types";
import { BarChartPanel } from "./bar_chart/BarChartPanel";
import { ComparisonPanel } from "./comparison/ComparisonPanel";
import { GenericPanel } from "./generic/GenericPanel";
import { isCompact } from "./layout";
import { LineChartPanel } from "./line_chart/LineChartPanel";
import { MetricsGrid } from "./metrics_grid/MetricsGrid";
import type { TableModel } from "./model";
import { SlicesPanel } from "./slices/SlicesPanel";
import { StatusPanel } from "./status/StatusPanel";
import type { TableSupplement } from "./supplement";
import { TablePanel } from "./table/TablePanel";
import { barTable, lineTable, sliceTable } from "./tables";

/** The chart's figures as a table; null for kinds that are no charts. */
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
    default:
      return null;
  }
}

export type BodyProps = { panel: Panel; fileStem: string; supplement?: (() => TableSupplement) | undefined };

/** The panel's figures. The frame around it deals with every state in which there are none. */
export function PanelBody({ panel, fileStem, supplement }: BodyProps): ReactNode {
  switch (panel.type) {
    case "metrics_grid":
      return panel.data && <MetricsGrid data={panel.data} />;
    case "line_chart":
    case "multi_line_chart":
    case "stacked_area":
    case "dual_line":
      return panel.data && <LineChartPanel title={panel.title} kind={panel.type} data={panel.data} />;
    case "bar_chart":
      return panel.data && <BarChartPanel title={panel.title} data={panel.data} />;
    case "pie_chart":
    case "donut_chart":
    case "waterfall":
      return panel.data && <SlicesPanel title={panel.title} kind={panel.type} data={panel.data} />;
    case "table":
    case "news_list":
    case "action_cards":
      return (
        panel.data && (
          <TablePanel
            id={panel.id}
            title={panel.title}
            data={panel.data}
            fileStem={fileStem}
            supplement={supplement}
            compact={isCompact(panel)}
          />
        )
      );
    case "comparison_table":
    case "comparison_grid":
      return panel.data && <ComparisonPanel title={panel.title} data={panel.data} />;
    case "status":
      return panel.data && <StatusPanel data={panel.data} />;
    default:
      return panel.data && <GenericPanel data={panel.data} />;
  }
}
