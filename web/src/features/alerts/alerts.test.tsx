import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { components } from "../../api/schema";
import { renderApp } from "../../testing/render";

type Alert = components["schemas"]["Alert"];

const ALERT: Alert = {
  id: "7",
  name: "Deep",
  watches: "Drawdown deeper than 15 %",
  alert_type: "drawdown_limit",
  condition: { threshold: 0.15 },
  portfolio_id: "1",
  portfolio_name: "Household",
  severity: "critical",
  notify_inapp: true,
  notify_email: false,
  cooldown_hours: 24,
  is_active: true,
  last_fired_at: null,
  created_at: "2025-10-31T21:00:00Z",
  updated_at: "2025-10-31T21:00:00Z",
};
const PATH = "/v1/alerts/7";

describe("the alerts", () => {
  it("show what each watches, and are paused and deleted only after a question", async () => {
    const { api, user } = renderApp("/alerts", {
      alerts: [ALERT, { ...ALERT, id: "8", name: "Old", is_active: false }],
      accepts: [PATH],
      rights: ["portfolio_read", "alerts_manage"],
    });
    const list = await screen.findByRole("list", { name: "Alerts" });
    const [first, second] = within(list).getAllByRole("listitem");
    expect(first).toHaveTextContent("Drawdown deeper than 15 %");
    expect(first).toHaveTextContent("Household");
    expect(second).toHaveTextContent("paused");
    expect(await screen.findByRole("button", { name: "Resume: Old" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Pause: Deep" }));
    await user.click(within(await screen.findByRole("dialog")).getByRole("button", { name: "Pause" }));
    await waitFor(() => expect(api.sent(PATH)).toHaveLength(1));
    expect([api.sent(PATH)[0]?.method, api.sent(PATH)[0]?.body]).toEqual(["PATCH", { is_active: false }]);
    await waitFor(() => expect(api.sent("/v1/alerts").length).toBeGreaterThan(1));
  });

  it("say that there are none", async () => {
    renderApp("/alerts");
    expect(await screen.findByText("You have no alerts.")).toBeVisible();
  });
});
