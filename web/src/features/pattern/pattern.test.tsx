import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { PatternInput, PatternSummary } from "../../api/patterns";
import { gauge, tabs } from "../../testing/fixtures/kinds";
import { LATEST, overviewAnswer, PACKS, PORTFOLIO_ID, USER } from "../../testing/fixtures/overview";
import { renderApp } from "../../testing/render";
import { grouped } from "../shell/pattern-groups";
import { fieldOf, fieldsOf, readTyped, typedOf } from "./inputs";

const pack = PACKS.find((candidate) => candidate.id === LATEST) as (typeof PACKS)[number];
const { trace } = overviewAnswer(pack, 60);

function input(name: string, json_schema: PatternInput["json_schema"], rest: Partial<PatternInput> = {}): PatternInput {
  return {
    name,
    label: `The ${name.replaceAll("_", " ")}`,
    type: "string",
    required: false,
    default: null,
    default_fact: null,
    choices: null,
    description: `About ${name}.`,
    json_schema,
    ...rest,
  };
}

const PORTFOLIO = input("portfolio_id", { type: "string", format: "uuid" }, { required: true });
const SCENARIO = input("scenario_id", { enum: ["RATES_UP", "RATES_DOWN"], type: "string" }, { required: true });
const LOOKBACK = input("lookback_days", { type: "integer", minimum: 1, maximum: 1000 }, { default: 252 });

const RISK: PatternSummary = {
  id: "portfolio_scenario_analysis",
  name: "Scenario analysis",
  description: "What a shock would do.",
  version: "1.0",
  category: "risk",
  group: "Analysis",
  tags: [],
  inputs: [PORTFOLIO, SCENARIO, LOOKBACK],
  panels: [],
  rights: ["portfolio_read"],
  export_allowed: { pdf: false, csv: true, excel: false },
};

const PAGE = `/portfolios/${PORTFOLIO_ID}/patterns/${RISK.id}`;
const switches = {
  patterns: [RISK],
  answer: () => ({ panels: [gauge, tabs], warnings: ["One rate is old."], trace: { ...trace, pattern_id: RISK.id } }),
};

describe("choices", () => {
  it("are called what the server calls them, or what they are", () => {
    const labelled = input("scenario_id", {
      enum: ["rates_up", "other"],
      type: "string",
      "x-labels": { rates_up: "Rates up" },
    });
    expect(fieldOf(labelled).choices).toEqual([
      { value: "rates_up", label: "Rates up" },
      { value: "other", label: "other" },
    ]);
    expect(fieldOf(LOOKBACK).choices).toEqual([]);
  });
});

describe("the answer as a file", () => {
  it("is asked of the server with the inputs and pins of the page, in the forms that are allowed", async () => {
    const path = `/v1/patterns/${RISK.id}/export/csv`;
    const made = vi.fn(() => "blob:made");
    vi.stubGlobal("URL", Object.assign(URL, { createObjectURL: made, revokeObjectURL: () => undefined }));
    const { api, user } = renderApp(`${PAGE}?pack=${LATEST}&scenario_id=RATES_UP`, {
      ...switches,
      accepts: [path],
      rights: ["portfolio_read", "export_csv", "export_pdf"],
    });
    await user.click(await screen.findByRole("button", { name: "CSV" }));
    await waitFor(() => expect(made).toHaveBeenCalledOnce());
    expect(api.sent(path)[0]?.body).toMatchObject({
      portfolio_id: PORTFOLIO_ID,
      pack_id: LATEST,
      inputs: { scenario_id: "RATES_UP" },
    });
    expect(screen.queryByRole("button", { name: "PDF" })).not.toBeInTheDocument();
    vi.unstubAllGlobals();
  });

  it("is not offered to those who may not take it", async () => {
    renderApp(`${PAGE}?pack=${LATEST}&scenario_id=RATES_UP`, switches);
    expect(await screen.findByText("One rate is old.")).toBeVisible();
    expect(screen.queryByRole("button", { name: "CSV" })).not.toBeInTheDocument();
  });
});

describe("the page of a pattern", () => {
  it("asks for what is needed before it asks the server", async () => {
    const { api, user } = renderApp(PAGE, switches);
    expect(await screen.findByRole("heading", { level: 1, name: "Scenario analysis" })).toBeVisible();
    expect(screen.getByText("Choose the inputs marked with an asterisk, then Show.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Show" }));
    expect(screen.getByText("This is needed.")).toBeVisible();
    expect(api.sent("/v1/execute")).toHaveLength(0);
  });

  it("sends the inputs of its address, shows the panels, and pins the pack", async () => {
    const { api, address } = renderApp(`${PAGE}?scenario_id=RATES_UP&lookback_days=63`, switches);
    expect(await screen.findByRole("region", { name: "Drawdown at risk" })).toBeVisible();
    expect(screen.getByText("One rate is old.")).toBeVisible();
    expect(api.sent("/v1/execute")[0]?.body).toEqual({
      pattern: RISK.id,
      portfolio_id: PORTFOLIO_ID,
      inputs: { portfolio_id: PORTFOLIO_ID, scenario_id: "RATES_UP", lookback_days: 63 },
    });
    await waitFor(() => expect(address()).toContain(`pack=${LATEST}`));
    expect(api.sent("/v1/execute")).toHaveLength(1);
    expect(document.title).toContain("Scenario analysis");
  });

  it("puts what is typed into the address and asks anew", async () => {
    const { api, user, address } = renderApp(`${PAGE}?scenario_id=RATES_UP&pack=${LATEST}`, switches);
    const field = await screen.findByRole("textbox", { name: "The lookback days" });
    await user.clear(field);
    await user.type(field, "20");
    await user.click(screen.getByRole("button", { name: "Show" }));
    await waitFor(() => expect(address()).toContain("lookback_days=20"));
    await waitFor(() => expect(api.sent("/v1/execute")).toHaveLength(2));
    expect(address()).toContain(`pack=${LATEST}`);
  });

  it("is in its group of the navigation and in the palette", async () => {
    const { user, address } = renderApp(`/portfolios/${PORTFOLIO_ID}/patterns/nothing?pack=${LATEST}`, switches);
    const pages = await screen.findByRole("navigation", { name: "Pages" });
    const group = await within(pages).findByRole("region", { name: "Analysis" });
    await user.click(within(group).getByRole("link", { name: "Scenario analysis" }));
    await waitFor(() => expect(address()).toContain(`${PAGE}?pack=${LATEST}`));
  });

  it("says that there is no such pattern", async () => {
    renderApp(`/portfolios/${PORTFOLIO_ID}/patterns/nothing`, switches);
    expect(await screen.findByText("There is no pattern 'nothing' on this server.")).toBeVisible();
  });
});

describe("the navigation", () => {
  it("leaves out what the reader may not run, and what the dashboard shows", () => {
    const secret = { ...RISK, id: "secret", rights: ["portfolio_write"] };
    const overview = { ...RISK, id: "portfolio_overview", group: "Portfolio" as const };
    const found = grouped([RISK, secret, overview], ["portfolio_read"]);
    expect(found.map(({ group, patterns }) => [group, patterns.map((pattern) => pattern.id)])).toEqual([
      ["Portfolio", []],
      ["Analysis", [RISK.id]],
      ["Operations", []],
    ]);
    expect(USER.rights).toContain("portfolio_read");
  });
});

describe("the inputs of a pattern", () => {
  const kinds: [string, PatternInput["json_schema"], string][] = [
    ["security_id", { type: "string", format: "uuid" }, "security"],
    ["on", { anyOf: [{ type: "string", format: "date" }, { type: "null" }] }, "date"],
    ["flag", { type: "boolean" }, "boolean"],
    ["amount", { anyOf: [{ type: "number" }, { type: "string", pattern: "^\\d+$" }] }, "text"],
    ["mode", { $ref: "#/$defs/Mode", $defs: { Mode: { enum: ["a"], type: "string" } } }, "choice"],
    ["shocks", { type: "object" }, "json"],
  ];
  it.each(kinds)("%s is asked for by its schema", (name, schema, kind) => {
    expect(fieldOf(input(name, schema)).kind).toBe(kind);
  });

  it("are read as what they are, and the portfolio is not asked for", () => {
    const fields = fieldsOf({ ...RISK, inputs: [...RISK.inputs, input("shocks", { type: "object" })] });
    expect(typedOf(fields, { shocks: { rates: 50 } })).toEqual({
      scenario_id: "",
      lookback_days: "252",
      shocks: '{"rates":50}',
    });
    expect(readTyped(fields, { scenario_id: "RATES_UP", lookback_days: "20", shocks: '{"rates":50}' })).toEqual({
      values: { scenario_id: "RATES_UP", lookback_days: 20, shocks: { rates: 50 } },
      problems: {},
    });
    expect(readTyped(fields, { lookback_days: "2000", shocks: "{" }).problems).toEqual({
      scenario_id: "This is needed.",
      lookback_days: "At most 1000.",
      shocks: "This is not JSON.",
    });
  });
});
