import { describe, expect, it } from "vitest";
import type { Panel } from "../api/types";
import { TODAY } from "../testing/fixtures/clock";
import {
  allocation,
  attributionByCurrency,
  currencyAttribution,
  historicalNav,
  holdings,
  performanceStrip,
} from "../testing/fixtures/panels";
import { layout } from "./layout";

const placed = (panels: Panel[]) => layout(panels).map(({ panel, span }) => [panel.id, span]);

describe("the layout of panels", () => {
  it("puts a small panel beside the chart and the wide table below them", () => {
    expect(
      placed([performanceStrip(TODAY), historicalNav(TODAY, 60), holdings(TODAY), currencyAttribution(TODAY)]),
    ).toEqual([
      ["performance_strip", 12],
      ["historical_nav", 8],
      ["currency_attribution", 4],
      ["holdings", 12],
    ]);
  });

  it("gives a panel alone in its row the whole row, and two equal ones a half each", () => {
    expect(placed([allocation(TODAY)])).toEqual([["allocation", 12]]);
    expect(placed([allocation(TODAY), currencyAttribution(TODAY)])).toEqual([
      ["allocation", 6],
      ["currency_attribution", 6],
    ]);
  });

  it("keeps a short table beside a small panel", () => {
    expect(placed([attributionByCurrency(TODAY), allocation(TODAY)])).toEqual([
      ["attribution_by_currency", 8],
      ["allocation", 4],
    ]);
  });

  it("gives every panel a width there is a rule for, whatever stands beside it", () => {
    const widths = [3, 4, 6, 8, 12];
    const kinds = ["regime_widget", "bar_chart", "gauge_with_waterfall", "line_chart", "metrics_grid"] as const;
    for (const first of kinds)
      for (const second of kinds) {
        const panels = [first, second].map((type) => ({ ...allocation(TODAY), type, data: null }) as unknown as Panel);
        expect(layout(panels).filter(({ span }) => !widths.includes(span))).toEqual([]);
      }
    const judged = {
      ...allocation(TODAY),
      type: "regime_widget",
      data: { indicators: {} },
    } as unknown as Panel;
    expect(layout([judged, allocation(TODAY)]).map(({ span }) => span)).toEqual([6, 6]);
  });

  it("loses no panel", () => {
    const all = [
      holdings(TODAY),
      allocation(TODAY),
      historicalNav(TODAY, 60),
      allocation(TODAY),
      performanceStrip(TODAY),
    ];
    expect(layout(all)).toHaveLength(all.length);
  });
});
