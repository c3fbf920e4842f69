import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { PatternSummary } from "../../api/patterns";
import { actions as cards } from "../../testing/fixtures/kinds";
import { LATEST, overviewAnswer, PACKS, PORTFOLIO_ID, USER } from "../../testing/fixtures/overview";
import { renderApp } from "../../testing/render";
import type { Action } from "./Actions";

const pack = PACKS.find((candidate) => candidate.id === LATEST) as (typeof PACKS)[number];
const { trace } = overviewAnswer(pack, 60);

const HEDGING: PatternSummary = {
  id: "hedging",
  name: "Hedging",
  description: "Hedges.",
  version: "1.0",
  category: "risk",
  group: "Analysis",
  tags: [],
  inputs: [],
  panels: [],
  rights: ["portfolio_read"],
  export_allowed: { pdf: false, csv: true, excel: false },
};

const ACCEPT: Action = {
  kind: "accept",
  label: "Accept",
  confirmation: "The proposal is noted as accepted.",
  done: "Accepted.",
  method: "POST",
  route: "/v1/proposals/7/acceptance",
  payload: { reason: "agreed" },
  rights: ["portfolio_read"],
};

function open(row_actions: Action[][], switches: Parameters<typeof renderApp>[1] = {}) {
  if (cards.type !== "action_cards" || !cards.data) throw new Error("The fixture has no cards.");
  const panel = { ...cards, data: { ...cards.data, row_actions } };
  const answer = () => ({ panels: [panel], warnings: [], trace: { ...trace, pattern_id: HEDGING.id } });
  return renderApp(`/portfolios/${PORTFOLIO_ID}/patterns/${HEDGING.id}?pack=${LATEST}`, {
    patterns: [HEDGING],
    answer,
    ...switches,
  });
}

describe("an action", () => {
  it("asks first, sends only what was agreed to, and says that it is done", async () => {
    const { api, user } = open([[ACCEPT], []], { accepts: ["/v1/proposals/7/acceptance"] });
    await user.click(await screen.findByRole("button", { name: "Accept: TLT" }));
    const question = await screen.findByRole("dialog", { name: "Accept" });
    expect(within(question).getByText("The proposal is noted as accepted.")).toBeInTheDocument();
    expect(api.sent(ACCEPT.route)).toHaveLength(0);
    await user.click(within(question).getByRole("button", { name: "Accept" }));
    expect(await screen.findByText("Accepted.")).toBeInTheDocument();
    const [request] = api.sent(ACCEPT.route);
    expect([request?.method, request?.body]).toEqual(["POST", { reason: "agreed" }]);
    expect(request?.headers.get("X-Requested-With")).toBe("dawsos");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(api.sent(ACCEPT.route)).toHaveLength(1);
  });

  it("does nothing when the reader does not agree", async () => {
    const { api, user } = open([[ACCEPT], []]);
    await user.click(await screen.findByRole("button", { name: "Accept: TLT" }));
    await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(api.sent(ACCEPT.route)).toHaveLength(0);
  });

  it("says why it failed, and can be tried again", async () => {
    const { user } = open([[ACCEPT], []]);
    await user.click(await screen.findByRole("button", { name: "Accept: TLT" }));
    const question = await screen.findByRole("dialog");
    await user.click(within(question).getByRole("button", { name: "Accept" }));
    expect(await within(question).findByRole("alert")).toHaveTextContent("There is no /v1/proposals/7/acceptance.");
    expect(within(question).getByRole("button", { name: "Accept" })).toBeEnabled();
  });

  it("is not offered to those who may not take it", async () => {
    expect(USER.rights).not.toContain("admin");
    open([[{ ...ACCEPT, rights: ["admin"] }], []]);
    expect(await screen.findByRole("heading", { name: "TLT" })).toBeVisible();
    expect(screen.queryByRole("button", { name: "Accept: TLT" })).toBeNull();
  });
});
