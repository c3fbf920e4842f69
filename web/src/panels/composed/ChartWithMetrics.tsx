/** A chart with the figures that go with it. */

import type { components } from "../../api/schema";
import { MetricsGrid } from "../metrics_grid/MetricsGrid";
import classes from "./Composed.module.css";
import { PartView } from "./Parts";

export function ChartWithMetrics({
  title,
  data,
}: {
  title: string;
  data: components["schemas"]["ChartWithMetricsData"];
}) {
  return (
    <div className={classes.tab}>
      <PartView part={data.chart} within={title} />
      <MetricsGrid data={{ metrics: data.metrics }} />
    </div>
  );
}
