/** Which component shows which kind of panel. */

import type { ReactNode } from "react";
import type { Panel } from "../api/types";
import { BarChartPanel } from "./bar_chart/BarChartPanel";
import { CardList } from "./cards/CardList";
import { ComparisonPanel } from "./comparison/ComparisonPanel";
import { ChartWithMetrics } from "./composed/ChartWithMetrics";
import { TabsPanel } from "./composed/TabsPanel";
import { DualListPanel } from "./dual_list/DualListPanel";
import { GaugePanel } from "./gauge/GaugePanel";
import { HeatmapPanel } from "./heatmap/HeatmapPanel";
import { isCompact } from "./layout";
import { LineChartPanel } from "./line_chart/LineChartPanel";
import { MetricsGrid } from "./metrics_grid/MetricsGrid";
import { ReportPanel } from "./report/ReportPanel";
import { ScorecardPanel } from "./scorecard/ScorecardPanel";
import { SlicesPanel } from "./slices/SlicesPanel";
import { StandingPanel } from "./standing/StandingPanel";
import { StatusPanel } from "./status/StatusPanel";
import type { TableSupplement } from "./supplement";
import { TablePanel } from "./table/TablePanel";

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
    case "news_list":
      return panel.data && <CardList title={panel.title} data={panel.data} />;
    case "action_cards":
      return panel.data && <CardList title={panel.title} data={panel.data} actions={panel.data.row_actions} />;
    case "table":
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
    case "heatmap":
      return panel.data && <HeatmapPanel title={panel.title} data={panel.data} />;
    case "gauge_with_waterfall":
      return panel.data && <GaugePanel title={panel.title} data={panel.data} />;
    case "regime_widget":
    case "cycle_card":
      return panel.data && <StandingPanel title={panel.title} data={panel.data} />;
    case "scorecard":
      return panel.data && <ScorecardPanel title={panel.title} data={panel.data} />;
    case "dual_list":
      return panel.data && <DualListPanel data={panel.data} />;
    case "tabbed_content":
      return panel.data && <TabsPanel title={panel.title} data={panel.data} />;
    case "chart_with_metrics":
      return panel.data && <ChartWithMetrics title={panel.title} data={panel.data} />;
    case "report_viewer":
      return panel.data && <ReportPanel data={panel.data} />;
  }
}
