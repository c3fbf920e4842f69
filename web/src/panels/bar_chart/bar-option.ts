/** Bar data as an ECharts option. */

import type { components } from "../../api/schema";
import { plotted } from "../../lib/decimal";
import { formatTick } from "../../lib/format";
import type { ChartOption, ChartTheme } from "../../ui/chart/Chart";
import { axisStyle, tooltipElement, tooltipFrame } from "../../ui/chart/tooltip";
import { type Scalar, type Series, shown, unitOf } from "../model";

type BarData = components["schemas"]["BarData"];

export function position(value: Scalar | undefined): number | null {
  return typeof value === "string" || typeof value === "number" ? plotted(value) : null;
}

function barColour(value: number | null, series: Series, theme: ChartTheme): string | undefined {
  if (series.color_condition !== "sign" || value === null) return undefined;
  return theme.colour(value < 0 ? "loss" : "gain");
}

function barSeries(series: Series, horizontal: boolean, theme: ChartTheme) {
  return {
    type: "bar",
    name: series.label,
    barMaxWidth: 18,
    emphasis: { disabled: true },
    label: {
      show: horizontal,
      position: "right",
      color: theme.colour("text"),
      fontFamily: "IBM Plex Mono",
      fontSize: 11,
      formatter: ({ dataIndex }: { dataIndex: number }) => shown(series.values[dataIndex], series),
    },
    data: series.values.map((value) => {
      const at = position(value);
      const colour = barColour(at, series, theme);
      return { value: at, ...(colour ? { itemStyle: { color: colour } } : {}) };
    }),
  };
}

export function barOption(data: BarData): ChartOption {
  const unit = data.series[0] ? unitOf(data.series[0]) : "number";
  return (theme) => {
    const names = {
      type: "category",
      data: data.labels.map(String),
      inverse: data.horizontal,
      ...axisStyle(theme),
      splitLine: { show: false },
    };
    const values = {
      type: "value",
      ...axisStyle(theme),
      axisLine: { show: false },
      axisLabel: { ...axisStyle(theme).axisLabel, formatter: (value: number) => formatTick(value, unit) },
    };
    return {
      grid: {
        left: 8,
        right: data.horizontal ? 72 : 12,
        top: data.series.length > 1 ? 30 : 8,
        bottom: 8,
        containLabel: true,
      },
      legend: {
        show: data.series.length > 1,
        top: 0,
        left: 0,
        textStyle: { color: theme.colour("text-muted"), fontSize: 11 },
      },
      xAxis: data.horizontal ? values : names,
      yAxis: data.horizontal ? names : values,
      tooltip: {
        trigger: "axis",
        axisPointer: { type: "shadow" },
        ...tooltipFrame(theme),
        formatter: (points: { dataIndex: number }[]) => {
          const place = points[0]?.dataIndex;
          if (place === undefined) return "";
          const lines = data.series.map((series) => ({
            label: series.label,
            value: shown(series.values[place], series, { currency: series.currency, withCurrency: true }),
          }));
          return tooltipElement(String(data.labels[place]), lines);
        },
      },
      series: data.series.map((series) => barSeries(series, data.horizontal, theme)),
    };
  };
}
