/** Bars over names; a bar says its value, so that colour and length are not the only way to read it. */

import { useMemo } from "react";
import type { components } from "../../api/schema";
import { Chart } from "../../ui/chart/Chart";
import { barSummary } from "../summaries";
import { barOption } from "./bar-option";

type Props = { title: string; data: components["schemas"]["BarData"] };

const ROW_PIXELS = 26;
const FRAME_PIXELS = 40;

export function BarChartPanel({ title, data }: Props) {
  const option = useMemo(() => barOption(data), [data]);
  const summary = useMemo(() => barSummary(title, data), [title, data]);
  const rows = data.labels.length * Math.max(1, data.series.length);
  return <Chart option={option} summary={summary} height={data.horizontal ? rows * ROW_PIXELS + FRAME_PIXELS : 280} />;
}
