/** Lines over a common axis, with a range to zoom into; a series of few values is drawn as events on the line. */

import { useMemo } from "react";
import { Chart } from "../../ui/chart/Chart";
import { lineSummary } from "../summaries";
import classes from "./LineChartPanel.module.css";
import { isEventSeries, type LineData, type LineKind, lineOption } from "./line-option";

type Props = { title: string; kind: LineKind; data: LineData };

export function LineChartPanel({ title, kind, data }: Props) {
  const option = useMemo(() => lineOption(kind, data), [kind, data]);
  const summary = useMemo(() => lineSummary(title, data), [title, data]);
  const events = data.series.filter((series) => isEventSeries(series, data.series));
  return (
    <>
      <Chart option={option} summary={summary} height={300} fill />
      {events.map((series) => (
        <p key={series.label} className={classes.key}>
          <span className="gain" aria-hidden="true">
            ▲
          </span>{" "}
          {series.label} in{" "}
          <span className="loss" aria-hidden="true">
            ▼
          </span>{" "}
          {series.label} out
        </p>
      ))}
    </>
  );
}
