import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { PORTFOLIO_ID } from "../../testing/fixtures/overview";
import { renderApp } from "../../testing/render";
import { transactionsSearch } from "./search";

const PAGE = `/portfolios/${PORTFOLIO_ID}/transactions`;

const sale = {
  id: "t1",
  sequence: 7,
  transaction_type: "SELL",
  transaction_date: "2025-03-04",
  settlement_date: null,
  security_id: "s1",
  symbol: "MSFT",
  quantity: "10",
  price: "410.25",
  amount: "4102.50",
  fee: "1.00",
  withholding_tax: "0",
  currency: "USD",
  fx_rate: "1.44",
  is_reversal: false,
  realized_pl: "512.34",
  narration: null,
  source: "demo",
};
const deposit = {
  ...sale,
  id: "t2",
  transaction_type: "DEPOSIT",
  symbol: null,
  quantity: null,
  price: null,
  realized_pl: null,
};

const switches = {
  transactions: (query: URLSearchParams) => ({
    items: [sale, deposit],
    base_currency: "CAD",
    total: 240,
    page: Number(query.get("page") ?? 1),
    page_size: 100,
    has_more: query.get("page") !== "3",
  }),
};

describe("the transactions", () => {
  it("are shown with the currency of each amount and a reason for what is missing", async () => {
    renderApp(PAGE, switches);
    const table = await screen.findByRole("table", { name: "Transactions" });
    const [, first, second] = within(table).getAllByRole("row");
    expect(first).toHaveTextContent("SELL");
    expect(first).toHaveTextContent("410.25");
    expect(first).toHaveTextContent("+512.34");
    expect(second).toHaveTextContent("only a sale realises a result");
    expect(screen.getByText("1\u20132 of 240")).toBeVisible();
  });

  it("are filtered by what stands in the address", async () => {
    const { user, address } = renderApp(PAGE, switches);
    await user.type(await screen.findByRole("textbox", { name: "Symbol" }), "msft");
    await user.click(screen.getByRole("button", { name: "Filter" }));
    await waitFor(() => expect(address()).toBe(`${PAGE}?symbol=MSFT`));
  });

  it("are turned page by page", async () => {
    const { user, address } = renderApp(`${PAGE}?page=2`, switches);
    await user.click(await screen.findByRole("button", { name: "Older" }));
    await waitFor(() => expect(address()).toBe(`${PAGE}?page=3`));
    await waitFor(() => expect(screen.getByRole("button", { name: "Older" })).toBeDisabled());
  });

  it("take from an address only what can be meant", () => {
    expect(transactionsSearch({ page: "0", type: "BYE", from: "yesterday", symbol: "", to: "2025-01-01" })).toEqual({
      to: "2025-01-01",
    });
  });
});
