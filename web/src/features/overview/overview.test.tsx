import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { LATEST, LEDGER_HASH, OTHER_PORTFOLIO_ID, PORTFOLIO_ID } from "../../testing/fixtures/overview";
import { OVERVIEW, PINNED_OVERVIEW, renderApp } from "../../testing/render";

const PATTERN = "/v1/patterns/portfolio_overview";
const holdings = async () => screen.findByRole("region", { name: "Holdings" });

describe("the dashboard", () => {
  it("asks once and shows the panels the server sent, in its order of rows (R62)", async () => {
    const { api } = renderApp(PINNED_OVERVIEW);
    expect(await screen.findByRole("heading", { name: "Performance" })).toBeVisible();
    for (const title of ["Net asset value", "Allocation by sector", "Currency attribution", "Holdings"]) {
      expect(screen.getByRole("heading", { name: title })).toBeVisible();
    }
    expect(api.sent(PATTERN)).toHaveLength(1);
    expect(api.sent(PATTERN)[0]?.body).toEqual({
      inputs: { portfolio_id: PORTFOLIO_ID, lookback_days: 252 },
      pack_id: LATEST,
    });
  });

  it("names the method of a return and says in place why one is missing", async () => {
    renderApp(PINNED_OVERVIEW);
    const strip = await screen.findByRole("region", { name: "Performance" });
    expect(within(strip).getByText("TWR 1Y").nextSibling).toHaveTextContent("+8.42%");
    expect(within(strip).getByText("TWR 3Y p.a.").nextSibling).toHaveTextContent(
      "—not availablethe ledger is 1.9 years old",
    );
  });

  it("writes the pack of the newest figures into the address without asking again", async () => {
    const { api, address } = renderApp(OVERVIEW);
    await waitFor(() => expect(address()).toBe(PINNED_OVERVIEW));
    await screen.findByRole("heading", { name: "Holdings" });
    expect(api.sent(PATTERN)).toHaveLength(1);
  });

  it("shows portfolio, currency, pack, ledger and freshness in the as-of bar", async () => {
    renderApp(PINNED_OVERVIEW);
    const bar = await screen.findByRole("region", { name: "As of" });
    await waitFor(() => expect(within(bar).getByRole("combobox", { name: "Portfolio" })).toHaveValue("Global equity"));
    expect(within(bar).getByRole("combobox", { name: "Pricing pack" })).toHaveValue(LATEST);
    expect(await within(bar).findByText("5f1c7a90b3de")).toHaveAttribute("title", LEDGER_HASH);
    expect(within(bar).getByText("CAD")).toBeVisible();
    expect(within(bar).getByText("Fresh")).toBeVisible();
  });

  it("opens an old pack by its address, says that it is old, and leads to the latest", async () => {
    const { user, address, api } = renderApp(`${OVERVIEW}?pack=PP_2025-10-01`);
    const bar = await screen.findByRole("region", { name: "As of" });
    expect(await within(bar).findByText("Historical")).toBeVisible();
    expect(api.sent(PATTERN)[0]?.body).toMatchObject({ pack_id: "PP_2025-10-01" });
    await user.click(within(bar).getByRole("button", { name: "Go to latest" }));
    await waitFor(() => expect(address()).toBe(PINNED_OVERVIEW));
  });

  it("steps to the older pack by button and back by key", async () => {
    const { user, address } = renderApp(PINNED_OVERVIEW);
    await user.click(await screen.findByRole("button", { name: "Older pack" }));
    await waitFor(() => expect(address()).toContain("pack=PP_2025-10-30"));
    await user.keyboard("]");
    await waitFor(() => expect(address()).toContain(`pack=${LATEST}`));
  });

  it("says that a pack was restated and offers the restated figures", async () => {
    const { user, address } = renderApp(`${OVERVIEW}?pack=PP_2025-10-14`);
    expect(await screen.findByText(/PP_2025-10-14 was restated/)).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Show the restated figures" }));
    await waitFor(() => expect(address()).toContain("pack=PP_2025-10-14_R1"));
  });

  it("asks for the ledger state a link is pinned to, says so, and leads to the newest entries", async () => {
    const old = "0".repeat(64);
    const { user, address, api } = renderApp(`${PINNED_OVERVIEW}&ledger=${old}`);
    const bar = await screen.findByRole("region", { name: "As of" });
    expect(await within(bar).findByText("Pinned")).toBeVisible();
    expect(api.sent(PATTERN)[0]?.body).toMatchObject({ pack_id: LATEST, ledger_commit_hash: old });
    expect(await within(bar).findByText("000000000000")).toBeVisible();
    await user.click(within(bar).getByRole("button", { name: "Use the newest entries" }));
    await waitFor(() => expect(address()).toBe(PINNED_OVERVIEW));
    await waitFor(() => expect(api.sent(PATTERN).at(-1)?.body).not.toHaveProperty("ledger_commit_hash"));
  });

  it("copies a link that pins pack and ledger", async () => {
    const { user } = renderApp(PINNED_OVERVIEW);
    await user.click(await screen.findByRole("button", { name: "Copy link" }));
    const link = new URL(await navigator.clipboard.readText());
    expect(Object.fromEntries(link.searchParams)).toEqual({ pack: LATEST, ledger: LEDGER_HASH });
    expect(await screen.findByRole("button", { name: "Link copied" })).toBeVisible();
  });

  it("finds an old pack by a date that is typed", async () => {
    const { user, address } = renderApp(PINNED_OVERVIEW);
    const bar = await screen.findByRole("region", { name: "As of" });
    const field = await within(bar).findByRole("combobox", { name: "Pricing pack" });
    await user.click(field);
    await user.clear(field);
    await user.type(field, "2025-06-01");
    await user.click(await screen.findByRole("option", { name: /PP_2025-05-30/ }));
    await waitFor(() => expect(address()).toContain("pack=PP_2025-05-30"));
  });

  it("changes the window by the address", async () => {
    const { user, address, api } = renderApp(PINNED_OVERVIEW);
    await user.click(await screen.findByRole("radio", { name: "3M" }));
    await waitFor(() => expect(address()).toContain("lookback=63"));
    await waitFor(() => expect(api.sent(PATTERN).at(-1)?.body).toMatchObject({ inputs: { lookback_days: 63 } }));
  });

  it("changes the portfolio and leaves a pack of another pricing policy behind", async () => {
    const { user, api } = renderApp(`${OVERVIEW}?pack=PP_2025-10-01&lookback=63`);
    await screen.findByRole("heading", { name: "Holdings" });
    await user.click(screen.getByRole("combobox", { name: "Portfolio" }));
    await user.click(await screen.findByRole("option", { name: "Income" }));
    await waitFor(() =>
      expect(api.sent(PATTERN).at(-1)?.body).toEqual({
        inputs: { portfolio_id: OTHER_PORTFOLIO_ID, lookback_days: 63 },
      }),
    );
  });

  it("says what a pack that does not exist is, with its remedy and a way out", async () => {
    const { user, address } = renderApp(`${OVERVIEW}?pack=PP_1999-01-01`);
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("There is no pricing pack PP_1999-01-01.");
    expect(alert).toHaveTextContent("Choose one of the packs listed.");
    await user.click(within(alert).getByRole("button", { name: "Go to the latest pack" }));
    await waitFor(() => expect(address()).toBe(PINNED_OVERVIEW));
  });

  it("shows warnings of the run above the figures", async () => {
    renderApp(PINNED_OVERVIEW, { overview: (answer) => ({ ...answer, warnings: ["XPRV has no price."] }) });
    expect(await screen.findByText("XPRV has no price.")).toBeVisible();
  });
});

describe("the currency attribution", () => {
  it("is told by currency, closes with the portfolio's parts, and says whether they add up", async () => {
    renderApp(PINNED_OVERVIEW);
    const panel = await screen.findByRole("region", { name: "Currency attribution" });
    const table = within(panel).getByRole("table", { name: "Attribution by currency" });
    const cells = (name: string) =>
      within(within(table).getByRole("rowheader", { name }).closest("tr") as HTMLElement)
        .getAllByRole("cell")
        .map((cell) => cell.textContent);
    expect(cells("USD")).toEqual(["72.14%", "+8.01%", "-0.79%", "-0.06%", "+7.16%"]);
    expect(cells("Portfolio")).toEqual(["", "+9.01%", "-0.52%", "-0.07%", "+8.42%"]);
    expect(panel).toHaveTextContent(
      "Components sum to +8.42%, the time-weighted return of the same days is +8.42%: identity error 0.00 bps.",
    );
  });
});

describe("the holdings", () => {
  it("close with the totals the server gave", async () => {
    renderApp(PINNED_OVERVIEW);
    const total = within(await holdings()).getByRole("rowheader", { name: "Net asset value" });
    expect(total.closest("tr")).toHaveTextContent("401,090.58");
  });

  it("open the lots of a position with what is open, what was bought and what it cost", async () => {
    const { user } = renderApp(PINNED_OVERVIEW);
    await user.click(within(await holdings()).getByRole("button", { name: "Lots of BAM" }));
    const lots = await screen.findByRole("table", { name: "Lots of BAM" });
    const [first] = within(lots).getAllByRole("row").slice(1);
    const cells = within(first as HTMLElement).getAllByRole("cell");
    expect(cells.slice(0, 4).map((cell) => cell.textContent)).toEqual(["Feb 05, 2024", "500", "300", "12,606.00"]);
  });

  it("have no lots to open for cash", async () => {
    renderApp(PINNED_OVERVIEW);
    expect(within(await holdings()).queryByRole("button", { name: "Lots of USD" })).toBeNull();
  });

  it("mark a price that is older than the pack", async () => {
    renderApp(PINNED_OVERVIEW);
    expect(
      within(await holdings()).getByText("The price is of Oct 29, 2025, 2 days before the pack's date."),
    ).toBeInTheDocument();
  });

  it("say why a position has no value", async () => {
    renderApp(PINNED_OVERVIEW);
    const row = within(await holdings())
      .getByRole("rowheader", { name: /XPRV/ })
      .closest("tr") as HTMLElement;
    expect(
      within(row).getAllByText(/no price in the pack or within five business days before it/).length,
    ).toBeGreaterThan(0);
  });
});

describe("outside the dashboard", () => {
  it("leads home to the first portfolio", async () => {
    const { address } = renderApp("/");
    await waitFor(() => expect(address()).toBe(PINNED_OVERVIEW));
  });

  it("offers ways in when there is no portfolio", async () => {
    renderApp("/", { portfolios: [] });
    expect(await screen.findByText("There is no portfolio yet that you may see.")).toBeVisible();
    expect(screen.getByText("dawsos demo")).toBeVisible();
  });

  it("says that an address has no page and leads back", async () => {
    renderApp("/no/such/page");
    expect(await screen.findByText("There is no page at this address.")).toBeVisible();
    expect(screen.getByRole("link", { name: "Go to the dashboard" })).toHaveAttribute("href", "/");
  });
});
