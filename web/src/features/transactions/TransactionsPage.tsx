/** The ledger of a portfolio, newest entry first, a page at a time; the filter stands in the address. */

import { Button, Select, TextInput } from "@mantine/core";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { type FormEvent, useMemo } from "react";
import type { Api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { portfolios, present } from "../../api/queries";
import type { components } from "../../api/schema";
import { formatValue } from "../../lib/format";
import { usePageTitle } from "../../lib/page-title";
import { type Column, DATE, type Look, plainRow, type Row, type Scalar, TEXT } from "../../panels/model";
import { useServices } from "../../services";
import { DataGrid } from "../../ui/grid/DataGrid";
import { Failure, Loading } from "../../ui/Notice";
import { type TransactionsSearch, TYPES, transactionsSearch } from "./search";
import classes from "./TransactionsPage.module.css";

type Entries = components["schemas"]["LedgerEntries"];
type Entry = Entries["items"][number];

const ROUTE = "/app/portfolios/$portfolioId/transactions";
const PAGE_SIZE = 100;
const MONEY: Look = { ...TEXT, format: "currency", unit: "money" };
const SIGNED: Look = { ...MONEY, color_condition: "sign" };

const COLUMNS: Column[] = [
  { key: "transaction_date", label: "Date", look: DATE },
  { key: "transaction_type", label: "Type", look: TEXT },
  { key: "symbol", label: "Symbol", look: TEXT },
  { key: "quantity", label: "Quantity", look: { ...TEXT, format: "number", unit: "quantity" } },
  { key: "price", label: "Price", look: { ...TEXT, format: "currency", unit: "price" } },
  { key: "amount", label: "Amount", look: SIGNED, description: "Before fee and withholding tax; + in, \u2212 out" },
  { key: "fee", label: "Fee", look: MONEY },
  { key: "withholding_tax", label: "Withholding tax", look: MONEY },
  { key: "fx_rate", label: "Rate to base", look: { ...TEXT, format: "number", unit: "exchange_rate" }, hidden: true },
  { key: "realized_pl", label: "Realised P&L", look: SIGNED },
  { key: "settlement_date", label: "Settled", look: DATE, hidden: true },
  { key: "narration", label: "Note", look: TEXT, hidden: true },
  { key: "source", label: "Source", look: TEXT, hidden: true },
];
const NOT_OF_ITS_TYPE = "does not apply to this type of entry";
const OWN = ["price", "amount", "fee", "withholding_tax"];

function entryRow(entry: Entry, baseCurrency: string): Row {
  const values: Record<string, Scalar> = {};
  const reasons: Record<string, string> = {};
  for (const { key } of COLUMNS) {
    const value = entry[key as keyof Entry] as Scalar;
    values[key] = value;
    if (value === null) reasons[key] = key === "realized_pl" ? "only a sale realises a result" : NOT_OF_ITS_TYPE;
  }
  if (entry.is_reversal) values.transaction_type = `${entry.transaction_type}, reversed`;
  const own = Object.fromEntries(OWN.map((key) => [key, entry.currency]));
  return plainRow(entry.id, values, { reasons, currencies: { ...own, realized_pl: baseCurrency } });
}

const entries = (api: Api, portfolioId: string, search: TransactionsSearch) =>
  queryOptions({
    queryKey: ["transactions", portfolioId, search],
    queryFn: async ({ signal }) => {
      const params = { path: { portfolio_id: portfolioId }, query: { page_size: PAGE_SIZE, ...search } };
      return present((await api.GET("/v1/portfolios/{portfolio_id}/transactions", { params, signal })).data).data;
    },
    placeholderData: keepPreviousData,
  });

export function TransactionsPage() {
  const { api } = useServices();
  const { portfolioId } = useParams({ from: ROUTE });
  const search = useSearch({ from: ROUTE });
  const { data, error, refetch, isPlaceholderData } = useQuery(entries(api, portfolioId, search));
  const { data: portfolioList } = useQuery(portfolios(api));
  const name = portfolioList?.find((portfolio) => portfolio.id === portfolioId)?.name;
  usePageTitle(name ? `${name} \u00b7 Transactions` : "Transactions");
  return (
    <div className={classes.page}>
      <h1>Transactions{name && <span className="muted"> of {name}</span>}</h1>
      <Filter key={JSON.stringify(search)} search={search} />
      {error && !asProblem(error).isOutage && <Failure problem={asProblem(error)} onRetry={() => void refetch()} />}
      {data ? (
        <Page data={data} search={search} waiting={isPlaceholderData} />
      ) : (
        !error && <Loading label="Loading the transactions" height={420} />
      )}
    </div>
  );
}

function Filter({ search }: { search: TransactionsSearch }) {
  const navigate = useNavigate();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = Object.fromEntries(new FormData(event.currentTarget));
    void navigate({
      to: ".",
      search: transactionsSearch({
        ...form,
        symbol: String(form.symbol ?? "")
          .trim()
          .toUpperCase(),
      }),
    });
  };
  return (
    <form className={`${classes.filter} no-print`} onSubmit={submit} aria-label="Filter">
      <TextInput name="symbol" label="Symbol" size="xs" defaultValue={search.symbol ?? ""} />
      <Select name="type" label="Type" size="xs" clearable data={[...TYPES]} defaultValue={search.type ?? null} />
      <TextInput name="from" label="From" type="date" size="xs" defaultValue={search.from ?? ""} />
      <TextInput name="to" label="To" type="date" size="xs" defaultValue={search.to ?? ""} />
      <Button type="submit" size="xs">
        Filter
      </Button>
      <Button size="xs" variant="default" onClick={() => void navigate({ to: ".", search: {} })}>
        Show all
      </Button>
    </form>
  );
}

function Page({ data, search, waiting }: { data: Entries; search: TransactionsSearch; waiting: boolean }) {
  const navigate = useNavigate();
  const rows = useMemo(() => data.items.map((entry) => entryRow(entry, data.base_currency)), [data]);
  const table = useMemo(
    () => ({
      columns: COLUMNS.map((column) =>
        column.key === "realized_pl" ? { ...column, currency: data.base_currency } : column,
      ),
      rows,
    }),
    [data, rows],
  );
  const go = (page: number) => void navigate({ to: ".", search: (before) => transactionsSearch({ ...before, page }) });
  const count = (value: number) => formatValue(value, "count");
  const first = (data.page - 1) * data.page_size;
  return (
    <section className={classes.card} aria-label="Entries" aria-busy={waiting}>
      <DataGrid
        name="transactions"
        noun="entries"
        caption="Transactions"
        table={table}
        fileStem={`transactions-${search.from ?? "all"}`}
      />
      <nav className={`${classes.pager} no-print`} aria-label="Pages of entries">
        <span>
          {data.items.length === 0 ? "0" : `${count(first + 1)}\u2013${count(first + data.items.length)}`} of{" "}
          {count(data.total)}
        </span>
        <Button size="compact-sm" variant="default" disabled={data.page <= 1} onClick={() => go(data.page - 1)}>
          Newer
        </Button>
        <Button size="compact-sm" variant="default" disabled={!data.has_more} onClick={() => go(data.page + 1)}>
          Older
        </Button>
      </nav>
    </section>
  );
}
