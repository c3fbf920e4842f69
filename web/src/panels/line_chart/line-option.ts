/** Line data as an ECharts option. Positions are floats; everything that is read is formatted from the values as sent. */

import type { components } from "../../api/schema";
import { plotted } from "../../lib/decimal";
import { formatTick } from "../../lib/format";
import type { ChartOption, ChartTheme } from "../../ui/chart/Chart";
import { axisStyle, type TooltipLine, tooltipElement, tooltipFrame } from "../../ui/chart/tooltip";
import { type Scalar, type Series, shown, unitOf } from "../model";
import { axisText } from "../summaries";

export type LineData = components["schemas"]["LineData"];
export type LineKind = "line_chart" | "multi_line_chart" | "stacked_area" | "dual_line";

const SPARSE_SHARE = 0.2;
const LONG = 40;

function number(value: Scalar | undefined): number | null {
  return typeof value === "string" || typeof value === "number" ? plotted(value) : null;
}

function isNothing(value: Scalar): boolean {
  return value === null || number(value) === 0;
}

/** Deposits among daily values: most days have none. Such a series is drawn as marks on the first dense one. */
export function isEventSeries(series: Series, all: readonly Series[]): boolean {
  if (all.length < 2 || series.values.length < LONG) return false;
  const filled = series.values.filter((value) => !isNothing(value)).length;
  return filled <= series.values.length * SPARSE_SHARE && all[0] !== series;
}

function lineSeries(series: Series, data: LineData, kind: LineKind, index: number, theme: ChartTheme) {
  const alone = data.series.filter((one) => !isEventSeries(one, data.series)).length === 1;
  const filled = kind === "stacked_area" || alone;
  return {
    type: "line",
    name: series.label,
    yAxisIndex: kind === "dual_line" ? Math.min(index, 1) : 0,
    stack: kind === "stacked_area" ? "all" : undefined,
    showSymbol: data.x.length < LONG,
    symbolSize: 5,
    lineStyle: { width: 1.75, type: (["solid", "dashed", "dotted"] as const)[index % 3] },
    areaStyle: filled ? { color: alone ? theme.colour("area") : undefined, opacity: alone ? 1 : 0.5 } : undefined,
    emphasis: { disabled: true },
    data: data.x.map((x, place) => [x, number(series.values[place])]),
  };
}

/** An upward mark for money in, a downward one for money out, standing on the line they belong to. */
function eventSeries(series: Series, carrier: Series, data: LineData, theme: ChartTheme) {
  const marks = data.x.flatMap((x, place) => {
    const value = number(series.values[place]);
    if (value === null || value === 0) return [];
    const inward = value > 0;
    return [
      {
        value: [x, number(carrier.values[place])],
        symbol: "triangle",
        symbolRotate: inward ? 0 : 180,
        itemStyle: { color: theme.colour(inward ? "gain" : "loss"), borderColor: theme.colour("card"), borderWidth: 1 },
      },
    ];
  });
  return { type: "scatter", name: series.label, symbolSize: 11, z: 5, tooltip: { show: false }, data: marks };
}

function tooltipLines(data: LineData, place: number, theme: ChartTheme): TooltipLine[] {
  return data.series.flatMap((series, index) => {
    const value = series.values[place] ?? null;
    const event = isEventSeries(series, data.series);
    if (event && isNothing(value)) return [];
    const text = shown(value, series, { currency: series.currency, withCurrency: true });
    return [
      { label: series.label, value: text, colour: event ? undefined : theme.series[index % theme.series.length] },
    ];
  });
}

function yAxis(series: Series | undefined, theme: ChartTheme, extra: object = {}) {
  const unit = series ? unitOf(series) : "number";
  return {
    type: "value",
    scale: true,
    ...axisStyle(theme),
    axisLine: { show: false },
    axisLabel: { ...axisStyle(theme).axisLabel, formatter: (value: number) => formatTick(value, unit) },
    ...extra,
  };
}

/** Shares that make up a whole end at it, though in binary they add up to a hair more. */
function upToTheWhole({ max }: { max: number }): number | null {
  return max > 0.99 && max < 1.001 ? 1 : null;
}

export function lineOption(kind: LineKind, data: LineData): ChartOption {
  const places = new Map(data.x.map((x, place) => [String(x), place]));
  const dense = data.series.filter((series) => !isEventSeries(series, data.series));
  const carrier = dense[0];
  const zoomable = data.x.length >= LONG;
  return (theme) => ({
    grid: {
      left: 8,
      right: kind === "dual_line" ? 8 : 12,
      top: dense.length > 1 ? 32 : 12,
      bottom: zoomable ? 46 : 8,
      containLabel: true,
    },
    legend: {
      show: dense.length > 1,
      top: 0,
      left: 0,
      textStyle: { color: theme.colour("text-muted"), fontSize: 11 },
      itemHeight: 8,
    },
    xAxis: { type: data.x_format === "date" ? "time" : "category", ...axisStyle(theme), splitLine: { show: false } },
    yAxis:
      kind === "dual_line"
        ? [yAxis(dense[0], theme), yAxis(dense[1], theme, { splitLine: { show: false } })]
        : yAxis(carrier, theme, kind === "stacked_area" && carrier?.unit === "fraction" ? { max: upToTheWhole } : {}),
    tooltip: {
      trigger: "axis",
      ...tooltipFrame(theme),
      axisPointer: { lineStyle: { color: theme.colour("border-strong") } },
      formatter: (points: { axisValueLabel?: string; value?: [Scalar, number] }[]) => {
        const x = points[0]?.value?.[0];
        const place = places.get(String(x));
        return place === undefined
          ? ""
          : tooltipElement(axisText(data.x[place], data.x_format), tooltipLines(data, place, theme));
      },
    },
    dataZoom: zoomable ? zoom(theme) : [],
    series: [
      ...dense.map((series, index) => lineSeries(series, data, kind, index, theme)),
      ...data.series
        .filter((series) => carrier && !dense.includes(series))
        .map((series) => eventSeries(series, carrier as Series, data, theme)),
    ],
  });
}

/** The wheel scrolls the page unless Ctrl is held; the handle below the chart zooms without a key. */
function zoom(theme: ChartTheme) {
  return [
    { type: "inside", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false, moveOnMouseMove: "shift" },
    {
      type: "slider",
      height: 18,
      bottom: 6,
      borderColor: theme.colour("border"),
      backgroundColor: "transparent",
      fillerColor: theme.colour("area"),
      dataBackground: {
        lineStyle: { color: theme.colour("border-strong") },
        areaStyle: { color: theme.colour("border") },
      },
      selectedDataBackground: {
        lineStyle: { color: theme.colour("border-strong") },
        areaStyle: { color: theme.colour("border") },
      },
      handleStyle: { color: theme.colour("card"), borderColor: theme.colour("border-strong") },
      moveHandleStyle: { color: theme.colour("border-strong"), opacity: 0.6 },
      emphasis: {
        handleStyle: { borderColor: theme.colour("accent") },
        moveHandleStyle: { color: theme.colour("accent") },
      },
      textStyle: { color: theme.colour("text-muted"), fontSize: 10 },
      showDetail: false,
    },
  ];
}
