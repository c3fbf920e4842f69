import { screen, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Panel } from "../api/types";
import { flowSeries } from "../features/overview/flows";
import { TODAY } from "../testing/fixtures/clock";
import { LATEST, overviewAnswer, PACKS } from "../testing/fixtures/overview";
import {
  allocation,
  attributionCheck,
  currencyAttribution,
  historicalNav,
  historyOf,
  holdings,
  panelHead,
  performanceStrip,
  sectorAllocation,
} from "../testing/fixtures/panels";
import { renderPart } from "../testing/render";
import { PanelFrame } from "./PanelFrame";
import { PanelGridSkeleton } from "./PanelGrid";
import type { Supplement } from "./supplement";

const pack = PACKS.find((candidate) => candidate.id === LATEST) as (typeof PACKS)[number];
const trace = overviewAnswer(pack, 60).trace;

function show(panel: Panel, supplement?: Supplement) {
  const onRetry = vi.fn();
  const rendered = renderPart(
    <PanelFrame panel={panel} trace={trace} fileStem={LATEST} span={12} onRetry={onRetry} supplement={supplement} />,
  );
  return { ...rendered, onRetry, panel: screen.getByRole("region", { name: panel.title }) };
}

const SHARE = {
  format: "percentage",
  unit: "fraction",
  currency: null,
  reason: null,
  color_condition: null,
  threshold: null,
} as const;
const WORDS = { ...SHARE, format: "text", unit: null } as const;

const bars: Panel = {
  ...panelHead("factor_exposures", "Factor exposures", TODAY, ["risk.compute_factor_exposures"]),
  type: "bar_chart",
  data: {
    labels: ["Equity", "Credit"],
    horizontal: true,
    series: [
      { ...SHARE, label: "Beta", format: "decimal_2", unit: "number", color_condition: "sign", values: [0.61, -0.2] },
    ],
  },
};

const comparison: Panel = {
  ...panelHead("scenarios", "Scenarios", TODAY, ["macro.run_scenario"]),
  type: "comparison_table",
  data: {
    columns: ["Today", "Shock"],
    rows: [
      {
        label: "Value",
        cells: [
          { ...SHARE, label: "Today", format: "currency", unit: "money", currency: "CAD", value: "1000.5" },
          { ...SHARE, label: "Shock", value: null, reason: "the scenario has no rate" },
        ],
      },
    ],
  },
};

const state: Panel = {
  ...panelHead("report_status", "Report", TODAY, ["reports.render_pdf"]),
  type: "status",
  data: { state: { ...WORDS, label: "status", value: "ready" }, items: [{ ...SHARE, label: "Coverage", value: 0.5 }] },
};

const KINDS: [string, Panel, string][] = [
  ["metrics_grid", performanceStrip(TODAY), "TWR 1Y"],
  ["table", holdings(TODAY), "Brookfield Asset Management"],
  ["pie_chart with many parts", allocation(TODAY), "BRK.B"],
  ["donut_chart", sectorAllocation(TODAY), "Financials"],
  ["waterfall", currencyAttribution(TODAY), "+8.42%"],
  ["comparison_table", comparison, "CAD\u00a01,000.50"],
  ["status", state, "ready"],
];

describe("a panel with figures", () => {
  it.each(KINDS)("shows %s", (_, panel, text) => {
    const { panel: region } = show(panel);
    expect(within(region).getAllByText(text, { normalizer: (words) => words })[0]).toBeVisible();
  });

  it("describes a chart in words with its first, last, lowest and highest figure", async () => {
    const { panel } = show(historicalNav(TODAY, 60));
    const chart = within(panel).getByRole("img");
    const words = chart.getAttribute("aria-label") ?? "";
    expect(words).toMatch(
      /^Net asset value\. NAV: CAD\u00a0[\d,.]+ on .*, CAD\u00a0401,090\.58 on Oct 31, 2025; lowest .*, highest .*\./,
    );
  });

  it("turns charts' descriptions and patterns on in the engine", async () => {
    const { charts } = show(historicalNav(TODAY, 60));
    await vi.waitFor(() => expect(charts.drawn.length).toBeGreaterThan(0));
    expect(charts.drawn.at(-1)?.aria).toMatchObject({ enabled: true });
  });

  it("draws deposits as marks on the value's line, not as a line of their own", async () => {
    const panel = historicalNav(TODAY, 252);
    const { charts } = show(panel, { series: flowSeries(historyOf(TODAY, 252), [panel]) });
    await vi.waitFor(() => expect(charts.drawn.length).toBeGreaterThan(0));
    const series = charts.drawn.at(-1)?.series as { type: string; data: unknown[] }[];
    expect(series.map((one) => [one.type, one.data.length])).toEqual([
      ["line", 252],
      ["scatter", 3],
    ]);
  });

  it("tells the deposits in its table twin", async () => {
    const panel = historicalNav(TODAY, 252);
    const { user } = show(panel, { series: flowSeries(historyOf(TODAY, 252), [panel]) });
    await user.keyboard("t");
    expect(screen.getByRole("columnheader", { name: /External flow CAD/ })).toBeVisible();
    expect(screen.getByText("-12,000.00")).toHaveClass("loss");
  });

  it("draws bars from the figures as sent", async () => {
    const { charts } = show(bars);
    await vi.waitFor(() => expect(charts.drawn.length).toBeGreaterThan(0));
    expect(charts.drawn.at(-1)).toMatchObject({ series: [{ data: [{ value: 0.61 }, { value: -0.2 }] }] });
    expect(screen.getByRole("img")).toHaveAccessibleName("Factor exposures. Beta: Equity +0.61, Credit -0.20.");
  });

  it("shows an identity error in basis points of the fraction that was sent", () => {
    show(attributionCheck(TODAY));
    expect(screen.getByText("Identity error").nextSibling).toHaveTextContent("0.00 bps");
  });

  it("does not draw a circle of parts that are below zero", () => {
    const panel = currencyAttribution(TODAY);
    if (panel.type !== "waterfall") throw new Error("The fixture changed its kind.");
    show({ ...panel, type: "donut_chart" });
    expect(screen.queryByRole("img")).toBeNull();
    expect(within(screen.getByRole("list", { name: "Currency attribution" })).getAllByRole("listitem")).toHaveLength(4);
  });
});

describe("the table twin of a chart", () => {
  it("opens by its button with the same figures", async () => {
    const { user, panel } = show(historicalNav(TODAY, 60));
    await user.click(within(panel).getByRole("button", { name: "Show Net asset value as a table" }));
    const table = within(panel).getByRole("table");
    expect(within(table).getAllByRole("row")).toHaveLength(61);
    expect(within(table).getByText("401,090.58")).toBeVisible();
    expect(within(table).getByRole("columnheader", { name: /NAV CAD/ })).toBeVisible();
    expect(within(panel).queryByRole("img")).toBeNull();
  });

  it("opens and closes by one key", async () => {
    const { user, panel } = show(sectorAllocation(TODAY));
    await user.keyboard("t");
    expect(within(panel).getByRole("table")).toBeVisible();
    await user.keyboard("t");
    expect(within(panel).queryByRole("table")).toBeNull();
  });
});

describe("several charts on a page", () => {
  it("turn into tables together, or alone where the focus is", async () => {
    const frame = (panel: Panel) => (
      <PanelFrame panel={panel} trace={trace} fileStem={LATEST} span={4} onRetry={() => undefined} />
    );
    const { user } = renderPart(
      <>
        {frame(historicalNav(TODAY, 60))}
        {frame(sectorAllocation(TODAY))}
      </>,
    );
    await user.keyboard("t");
    expect(screen.getAllByRole("table")).toHaveLength(2);
    await user.keyboard("t");
    expect(screen.queryAllByRole("table")).toHaveLength(0);
    screen.getByRole("button", { name: "Show Net asset value as a table" }).focus();
    await user.keyboard("t");
    expect(screen.getAllByRole("table")).toHaveLength(1);
  });
});

describe("a panel without figures", () => {
  it("says why it is empty", () => {
    const { panel } = show({ ...holdings(TODAY), status: "empty", reason: "Nothing is held on that day." });
    expect(within(panel).getByText("Nothing is held on that day.")).toBeVisible();
    expect(within(panel).queryByRole("table")).toBeNull();
  });

  it("says why it is unavailable, as a state and not as an error, and tries again (R62)", async () => {
    const panel = {
      ...sectorAllocation(TODAY),
      status: "unavailable",
      data: null,
      reason: "unavailable: the step took too long",
    } as Panel;
    const { user, onRetry } = show(panel);
    const state = screen.getByRole("status");
    expect(state).toHaveTextContent("The step took too long");
    expect(screen.queryByRole("alert")).toBeNull();
    await user.click(within(state).getByRole("button", { name: "Try again" }));
    expect(onRetry).toHaveBeenCalledOnce();
    expect(screen.queryByRole("button", { name: /as a table/ })).toBeNull();
  });

  it("stays alone when it cannot be drawn", async () => {
    const broken = () => {
      throw new Error("the totals are not there");
    };
    const { user, onRetry } = show(holdings(TODAY), { table: broken });
    expect(screen.getByRole("alert")).toHaveTextContent("Holdings could not be drawn: the totals are not there");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(onRetry).toHaveBeenCalledOnce();
  });

  it("says that figures are loading", () => {
    renderPart(<PanelGridSkeleton />);
    expect(screen.getByText("Loading the figures")).toBeInTheDocument();
  });
});

describe("how fresh a panel is", () => {
  it("says so when its data is stale", () => {
    const { panel } = show({ ...historicalNav("2025-10-20", 60), stale: true });
    expect(within(panel).getByText(/stale since Oct 20, 2025/)).toBeVisible();
  });

  it("names the date of its data when that is not the pack's", () => {
    const { panel } = show(historicalNav("2025-10-30", 60));
    expect(within(panel).getByText("data from Oct 30, 2025")).toBeVisible();
  });

  it("stays silent when its data is of the pack's date", () => {
    const { panel } = show(historicalNav(TODAY, 60));
    expect(within(panel).queryByText(/data from|stale/)).toBeNull();
  });
});

describe("how a panel was computed", () => {
  it("is told in a drawer: pack, ledger, capability, method, sources, and whether it was stored (R63)", async () => {
    const { user } = show(historicalNav(TODAY, 60));
    await user.click(screen.getByRole("button", { name: "How was Net asset value computed? stored" }));
    const drawer = await screen.findByRole("dialog", { name: "How was Net asset value computed?" });
    for (const fact of [
      LATEST,
      trace.ledger_commit_hash,
      pack.hash,
      "portfolio.historical_nav/1",
      "ECB",
      "portfolio_overview 1.0",
    ]) {
      expect(within(drawer).getByText(String(fact))).toBeInTheDocument();
    }
    expect(within(drawer).getByText("portfolio.historical_nav (stored, 6.5 ms)")).toBeInTheDocument();
  });
});
