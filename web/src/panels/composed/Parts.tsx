/** What stands in a panel of several parts: the simple kinds, each in its own view. */

import { useMemo } from "react";
import type { components } from "../../api/schema";
import { PlainTable } from "../../ui/grid/DetailTable";
import { Scroller } from "../../ui/Scroller";
import { BarChartPanel } from "../bar_chart/BarChartPanel";
import { ComparisonPanel } from "../comparison/ComparisonPanel";
import { LineChartPanel } from "../line_chart/LineChartPanel";
import { MetricsGrid } from "../metrics_grid/MetricsGrid";
import { Paragraphs } from "../report/ReportPanel";
import { SlicesPanel } from "../slices/SlicesPanel";
import { dataTable } from "../tables";
import classes from "./Composed.module.css";

type Schemas = components["schemas"];
export type Part = Schemas["Tab"]["parts"][number];

export function PartView({ part, within }: { part: Part; within: string }) {
  return (
    <div className={classes.part}>
      {part.title && <h3 className={classes.heading}>{part.title}</h3>}
      <PartBody part={part} title={part.title ?? within} />
    </div>
  );
}

function PartBody({ part, title }: { part: Part; title: string }) {
  switch (part.type) {
    case "metrics_grid":
      return <MetricsGrid data={part.data} />;
    case "table":
      return <PartTable data={part.data} title={title} />;
    case "line_chart":
    case "multi_line_chart":
    case "stacked_area":
    case "dual_line":
      return <LineChartPanel title={title} kind={part.type} data={part.data} />;
    case "bar_chart":
      return <BarChartPanel title={title} data={part.data} />;
    case "pie_chart":
    case "donut_chart":
    case "waterfall":
      return <SlicesPanel title={title} kind={part.type} data={part.data} />;
    case "comparison_table":
    case "comparison_grid":
      return <ComparisonPanel title={title} data={part.data} />;
    case "text":
      return <Paragraphs data={part.data} />;
  }
}

function PartTable({ data, title }: { data: Schemas["TableData"]; title: string }) {
  const table = useMemo(() => dataTable(data), [data]);
  if (table.rows.length === 0) return <p className="muted">There are no rows.</p>;
  return (
    <Scroller label={title}>
      <PlainTable titled caption={title} columns={table.columns} rows={table.rows} />
    </Scroller>
  );
}
