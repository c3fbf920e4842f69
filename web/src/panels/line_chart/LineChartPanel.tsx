/** Lines over a common axis, with a range to zoom into; a series of few values is drawn as events on the line. */

import { useMemo } from "react";
import { Chart } from "../../ui/chart/Chart";
import { lineSummary } from "../summaries";
import { type LineData, type LineKind, lineOption } from "./line-option";

type Props = { title: string; kind: LineKind; data: LineData };

export function LineChartPanel({ title, kind, data }: Props) {
  const option = useMemo(() => lineOption(kind, data), [kind, data]);
  const summary = useMemo(() => lineSummary(title, data), [title, data]);
  return <Chart option={option} summary={summary} height={300} fill />;
}
