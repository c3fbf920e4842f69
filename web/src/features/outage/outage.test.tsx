import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { type Problem, problemFrom, unreachable } from "../../api/problem";
import { OutageStore } from "../../lib/outage";
import { PINNED_OVERVIEW, renderApp } from "../../testing/render";

const down = { retryAfter: 1, code: "unavailable" };

describe("when the database is down", () => {
  it("says so, counts down, and shows the figures by itself when it is back", async () => {
    const { api } = renderApp(PINNED_OVERVIEW, { unavailable: down });
    const banner = await screen.findByText("The database does not answer.");
    expect(banner.closest("[role=alert]")).toHaveTextContent("It is tried again by itself.");
    expect(screen.getByText(/next try in 1 s|trying/)).toBeVisible();
    api.switches.unavailable = null;
    expect(await screen.findByRole("heading", { name: "Holdings" }, { timeout: 4000 })).toBeVisible();
    await waitFor(() => expect(screen.queryByText("The database does not answer.")).toBeNull());
  });

  it("keeps the figures that were there", async () => {
    const { api, services } = renderApp(PINNED_OVERVIEW);
    await screen.findByRole("heading", { name: "Holdings" });
    api.switches.unavailable = { ...down, retryAfter: 30 };
    void services.queries.refetchQueries();
    expect(await screen.findByText("The database does not answer.")).toBeVisible();
    expect(screen.getByRole("heading", { name: "Holdings" })).toBeVisible();
  });

  it("asks at once when told to", async () => {
    const { api, user } = renderApp(PINNED_OVERVIEW, { unavailable: { ...down, retryAfter: 600 } });
    expect(await screen.findByText(/next try in (600|599) s/)).toBeVisible();
    api.switches.unavailable = null;
    await user.click(screen.getByRole("button", { name: "Try now" }));
    expect(await screen.findByRole("heading", { name: "Holdings" })).toBeVisible();
  });
});

describe("when prices are warming", () => {
  it("says that they are being prepared", async () => {
    renderApp(PINNED_OVERVIEW, { unavailable: { retryAfter: 20, code: "pricing_pack_warming" } });
    expect(await screen.findByText("Prices are being prepared.")).toBeVisible();
  });
});

describe("when the server cannot be reached", () => {
  it("says so and recovers", async () => {
    const { api } = renderApp(PINNED_OVERVIEW, { unreachable: true });
    expect(await screen.findByText("The server cannot be reached.")).toBeVisible();
    api.switches.unreachable = false;
    expect(await screen.findByRole("heading", { name: "Holdings" }, { timeout: 5000 })).toBeVisible();
  });
});

describe("when the session ends", () => {
  it("leads to the login page and remembers the way back", async () => {
    const { api, services, address } = renderApp(PINNED_OVERVIEW);
    await screen.findByRole("heading", { name: "Holdings" });
    api.switches.loggedIn = false;
    void services.queries.refetchQueries();
    await waitFor(() => expect(address()).toContain("/login?next=%2Fportfolios"));
  });
});

describe("the waits between tries", () => {
  const waits = (problem: Problem, count: number) => {
    let now = 0;
    const store = new OutageStore(() => now);
    return Array.from({ length: count }, () => {
      store.report(problem);
      const seconds = store.secondsLeft();
      now += seconds * 1000;
      return seconds;
    });
  };

  it("double from two seconds to thirty when the server names none", () => {
    expect(waits(unreachable(), 6)).toEqual([2, 4, 8, 16, 30, 30]);
  });

  it("are the server's own where it names one", async () => {
    const answer = new Response("{}", { status: 503, headers: { "Retry-After": "7" } });
    expect(waits(await problemFrom(answer), 2)).toEqual([7, 7]);
  });

  it("count requests that fail in one wave as one failure", () => {
    const store = new OutageStore(() => 0);
    store.report(unreachable());
    store.report(unreachable());
    expect(store.current()?.failures).toBe(1);
  });
});

describe("reading a failure", () => {
  it("takes message, code, remedy and fields from the problem document", async () => {
    const body = {
      title: "Wrong",
      status: 422,
      detail: "lookback_days is 0.",
      code: "validation_error",
      remedy: "Ask for at least 1.",
      errors: [{ field: "lookback_days", message: "too small" }],
      trace_id: "abc",
    };
    const problem = await problemFrom(new Response(JSON.stringify(body), { status: 422 }));
    expect(problem).toMatchObject({
      detail: "lookback_days is 0.",
      code: "validation_error",
      remedy: "Ask for at least 1.",
      traceId: "abc",
    });
    expect(problem.errors).toEqual([{ location: "lookback_days", message: "too small" }]);
    expect(problem.isOutage).toBe(false);
  });

  it("names the status of an answer that is no problem document", async () => {
    const problem = await problemFrom(new Response("<html>", { status: 502 }));
    expect(problem.detail).toBe("The server answered 502 and gave no reason.");
    expect(problem.isOutage).toBe(true);
  });
});
