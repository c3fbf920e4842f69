import { screen, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Panel } from "../api/types";
import { gauge, heatmap, MORE_KINDS, report, scorecard, standing, TOO_SHORT, tabs } from "../testing/fixtures/kinds";
import { LATEST, overviewAnswer, PACKS } from "../testing/fixtures/overview";
import { renderPart } from "../testing/render";
import { marks } from "./gauge/GaugePanel";
import { largestOf, strength } from "./heatmap/HeatmapPanel";
import { PanelFrame } from "./PanelFrame";
import { ownPath } from "./report/ReportPanel";

const pack = PACKS.find((candidate) => candidate.id === LATEST) as (typeof PACKS)[number];
const trace = overviewAnswer(pack, 60).trace;

function show(panel: Panel) {
  const rendered = renderPart(<PanelFrame panel={panel} trace={trace} fileStem={LATEST} span={12} onRetry={vi.fn()} />);
  return { ...rendered, panel: screen.getByRole("region", { name: panel.title }) };
}

const named = MORE_KINDS.map(([panel, text]) => [panel.type, panel, text] as const);

describe("every kind of panel", () => {
  it.each(named)("%s shows its figures (R61)", (_, panel, text) => {
    expect(within(show(panel).panel).getAllByText(text)[0]).toBeVisible();
  });

  it.each(named)("%s says why a figure is missing", (_, panel) => {
    const { panel: region } = show(panel);
    expect(within(region).getAllByText(new RegExp(TOO_SHORT))[0]).toBeInTheDocument();
  });

  it.each(named)("%s says why it is empty", (_, panel) => {
    const { panel: region } = show({ ...panel, status: "empty", reason: "there are no positions" });
    expect(within(region).getByText("there are no positions")).toBeVisible();
  });

  it.each(named)("%s says why it is unavailable", (_, panel) => {
    const { panel: region } = show({
      ...panel,
      data: null,
      status: "unavailable",
      reason: "unavailable: FRED",
    } as Panel);
    expect(within(region).getByRole("status")).toHaveTextContent(/^FRED/);
  });

  it.each(named)("%s says since when it is stale", (_, panel) => {
    const { panel: region } = show({ ...panel, asof: "2025-10-20", stale: true });
    expect(within(region).getByText(/stale since Oct 20, 2025/)).toBeVisible();
  });

  it.each(named)("%s can be saved, and a missing figure is an empty cell", async (_, panel) => {
    const { user, files } = show(panel);
    await user.click(screen.getByRole("button", { name: `Save ${panel.title} as CSV` }));
    expect(files).toHaveLength(1);
    expect(files[0]?.name).toBe(`${LATEST}-${panel.id}.csv`);
    expect(files[0]?.text).not.toContain("—");
    expect(files[0]?.text.split("\r\n").length).toBeGreaterThan(2);
  });
});

describe("a heatmap", () => {
  if (heatmap.type !== "heatmap" || !heatmap.data) throw new Error("The fixture is no heatmap.");
  const { data } = heatmap;

  it("shades by size: the largest most, nothing and a missing figure not at all", () => {
    const strengths = data.rows.map((row) => row.cells.map((cell) => strength(cell, largestOf(data))));
    expect(strengths).toEqual([
      [4, 0],
      [2, 0],
    ]);
  });

  it("has a table twin with the words of the levels", async () => {
    const { panel, user } = show(heatmap);
    await user.keyboard("t");
    expect(await within(panel).findByRole("columnheader", { name: /Early, level/ })).toBeVisible();
    expect(within(panel).getByText("50.00%")).toBeVisible();
  });
});

describe("a gauge", () => {
  if (gauge.type !== "gauge_with_waterfall" || !gauge.data) throw new Error("The fixture is no gauge.");
  const { data } = gauge;

  it("places the value and the limit on the scale", () => {
    expect(marks(data)?.value).toBeCloseTo(0.45, 12);
    expect(marks(data)?.limit).toBeCloseTo(0.5, 12);
  });

  it("has no scale without a maximum", () => {
    expect(marks({ ...data, maximum: null })).toBeNull();
  });

  it("does not leave the scale", () => {
    expect(marks({ ...data, value: { ...data.value, value: 0.9 } })?.value).toBe(1);
  });
});

describe("a scorecard", () => {
  it("does not call a criterion failed that could not be judged", () => {
    const { panel } = show(scorecard);
    expect(within(panel).getByText("\u2713 met")).toBeVisible();
    expect(within(panel).getByText("not available: Not enough is known to say.")).toBeInTheDocument();
  });
});

describe("a standing", () => {
  it("shows the probability of every state and the indicators", () => {
    const { panel } = show(standing);
    const states = within(panel).getByRole("list", { name: "Regime: every state" });
    expect(within(states).getByText("62.00%")).toBeVisible();
    expect(within(panel).getByRole("table", { name: "Indicators of Regime" })).toBeVisible();
  });
});

describe("tabs", () => {
  it("show one tab at a time and are reached by the arrow keys", async () => {
    const { panel, user } = show(tabs);
    await user.click(within(panel).getByRole("tab", { name: "Austerity" }));
    await user.keyboard("{ArrowRight}");
    expect(within(panel).getByRole("tab", { name: "Default" })).toHaveAttribute("aria-selected", "true");
    expect(await within(panel).findByText("By factor")).toBeVisible();
    expect(within(panel).queryByText("Spending is cut.")).toBeNull();
  });
});

describe("a report", () => {
  it("offers its file only when it lies on this server", () => {
    expect(within(show(report).panel).getByRole("link", { name: "Download" })).toHaveAttribute(
      "href",
      "/v1/reports/1/download",
    );
    expect(ownPath("https://elsewhere.example/file")).toBeNull();
    expect(ownPath("//elsewhere.example/file")).toBeNull();
    expect(ownPath("javascript:alert(1)")).toBeNull();
  });
});
