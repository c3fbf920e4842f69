/** Money that came in or went out, as marks on the line of the value, where the panel does not show it itself. */

import type { PatternResult } from "../../api/types";
import { type Series, TEXT } from "../../panels/model";

type History = PatternResult["data"]["historical_nav"];

export function flowSeries(history: History, panels: PatternResult["panels"]): Series[] {
  const panel = panels.find((candidate) => candidate.id === "historical_nav");
  if (panel?.type !== "line_chart" || panel.data === null || panel.data.series.length > 1) return [];
  return [
    {
      ...TEXT,
      label: "External flow",
      format: "currency",
      unit: "money",
      currency: history.currency,
      color_condition: "sign",
      reason: null,
      values: history.data.map((day) => day.net_external_flow),
    },
  ];
}
