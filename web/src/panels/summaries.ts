/** A chart in a sentence or two: what a reader who does not see it should know. Picks figures out, never works any out. */

import type { components } from "../api/schema";
import { compareValues } from "../ui/grid/grid-model";
import { DATE, type Scalar, shown, TEXT } from "./model";

type Schemas = components["schemas"];
type Series = Schemas["Series"];

type Point = { place: number; value: string | number };

function points(series: Series): Point[] {
  return series.values.flatMap((value, place) =>
    typeof value === "string" || typeof value === "number" ? [{ place, value }] : [],
  );
}

function extreme(all: readonly Point[], sign: 1 | -1): Point | undefined {
  return all.reduce<Point | undefined>(
    (best, point) => (best === undefined || compareValues(point.value, best.value) * sign > 0 ? point : best),
    undefined,
  );
}

function seriesSentence(series: Series, axis: (place: number) => string): string {
  const all = points(series);
  const [first, last] = [all[0], all.at(-1)];
  if (!first || !last) return `${series.label}: no values${series.reason ? `, because ${series.reason}` : ""}.`;
  const text = (point: Point) =>
    `${shown(point.value, series, { currency: series.currency, withCurrency: true })} on ${axis(point.place)}`;
  const [low, high] = [extreme(all, -1), extreme(all, 1)];
  return `${series.label}: ${text(first)}, ${text(last)}; lowest ${low ? text(low) : ""}, highest ${high ? text(high) : ""}.`;
}

/** The point of the axis as text. */
export function axisText(value: Scalar | undefined, format: Schemas["LineData"]["x_format"]): string {
  return shown(value, format === "date" ? DATE : TEXT);
}

export function lineSummary(title: string, data: Schemas["LineData"]): string {
  const axis = (place: number) => axisText(data.x[place], data.x_format);
  return `${title}. ${data.series.map((series) => seriesSentence(series, axis)).join(" ")}`;
}

export function sliceSummary(title: string, data: Schemas["SliceData"]): string {
  const parts = data.slices.map(
    (slice) => `${slice.label} ${shown(slice.value, slice, { currency: slice.currency, withCurrency: true })}`,
  );
  return `${title}: ${parts.join(", ")}.`;
}

export function barSummary(title: string, data: Schemas["BarData"]): string {
  const sentences = data.series.map((series) => {
    const parts = data.labels.map(
      (label, place) =>
        `${label} ${shown(series.values[place], series, { currency: series.currency, withCurrency: true })}`,
    );
    return `${series.label}: ${parts.join(", ")}.`;
  });
  return `${title}. ${sentences.join(" ")}`;
}
