/** The filter of the transactions page, as it stands in the address. */

export const TYPES = [
  "BUY",
  "SELL",
  "DIVIDEND",
  "INTEREST",
  "FEE",
  "TAX",
  "DEPOSIT",
  "WITHDRAWAL",
  "TRANSFER_IN",
  "TRANSFER_OUT",
  "SPLIT",
] as const;
export type TransactionKind = (typeof TYPES)[number];

export type TransactionsSearch = {
  page?: number;
  symbol?: string;
  type?: TransactionKind;
  from?: string;
  to?: string;
};

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

export function transactionsSearch(search: Record<string, unknown>): TransactionsSearch {
  const page = Number(search.page);
  const symbol = typeof search.symbol === "string" || typeof search.symbol === "number" ? String(search.symbol) : "";
  const type = TYPES.find((one) => one === search.type);
  const day = (value: unknown) => (typeof value === "string" && ISO_DATE.test(value) ? value : undefined);
  const [from, to] = [day(search.from), day(search.to)];
  return {
    ...(Number.isInteger(page) && page > 1 ? { page } : {}),
    ...(symbol ? { symbol } : {}),
    ...(type ? { type } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
}
