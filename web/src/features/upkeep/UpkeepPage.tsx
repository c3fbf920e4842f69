/** Imports that can be taken back, statements compared with the ledger, and the period that is settled. */

import { Button, Checkbox, FileInput, TextInput } from "@mantine/core";
import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { Api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { portfolios, present } from "../../api/queries";
import type { components } from "../../api/schema";
import { usePageTitle } from "../../lib/page-title";
import { useServices } from "../../services";
import { Chip } from "../../ui/Chip";
import { Failure } from "../../ui/Notice";
import { Ask } from "../records/Ask";
import classes from "../records/Records.module.css";
import { RecordTable } from "../records/RecordTable";
import { Section } from "../records/Section";
import { count, day, moment } from "../records/words";

type Schemas = components["schemas"];
type Statement = Schemas["Statement"];

const ROUTE = "/app/portfolios/$portfolioId/upkeep";

const path = (portfolioId: string) => ({ path: { portfolio_id: portfolioId } });
const imports = (api: Api, portfolioId: string) =>
  queryOptions({
    queryKey: ["imports", portfolioId],
    queryFn: async ({ signal }) =>
      present((await api.GET("/v1/portfolios/{portfolio_id}/imports", { params: path(portfolioId), signal })).data)
        .data,
  });
const statements = (api: Api, portfolioId: string) =>
  queryOptions({
    queryKey: ["statements", portfolioId],
    queryFn: async ({ signal }) =>
      present((await api.GET("/v1/portfolios/{portfolio_id}/statements", { params: path(portfolioId), signal })).data)
        .data,
  });
const lock = (api: Api, portfolioId: string) =>
  queryOptions({
    queryKey: ["period-lock", portfolioId],
    queryFn: async ({ signal }) =>
      present((await api.GET("/v1/portfolios/{portfolio_id}/period-lock", { params: path(portfolioId), signal })).data)
        .data,
  });

export function UpkeepPage() {
  const { api } = useServices();
  const { portfolioId } = useParams({ from: ROUTE });
  const { data: portfolioList } = useQuery(portfolios(api));
  const name = portfolioList?.find((portfolio) => portfolio.id === portfolioId)?.name;
  usePageTitle(name ? `${name} · Imports and statements` : "Imports and statements");
  return (
    <div className={classes.page}>
      <h1>Imports and statements{name && <span className="muted"> of {name}</span>}</h1>
      <Imports portfolioId={portfolioId} />
      <Statements portfolioId={portfolioId} />
      <Period portfolioId={portfolioId} />
    </div>
  );
}

function Imports({ portfolioId }: { portfolioId: string }) {
  const { api } = useServices();
  const found = useQuery(imports(api, portfolioId));
  const undo = (importId: string, reason: string) =>
    api.POST("/v1/portfolios/{portfolio_id}/imports/{import_id}/undo", {
      params: { path: { portfolio_id: portfolioId, import_id: importId } },
      body: { reason },
    });
  return (
    <Section
      title="Imports"
      about="An import is taken back as a whole: its entries are reversed, never erased."
      query={found}
    >
      {(list) => (
        <RecordTable
          caption="Imports"
          empty="Nothing has been imported."
          items={list}
          keyOf={(one) => one.id}
          columns={[
            { label: "Imported", render: (one) => moment(one.created_at) },
            { label: "File", render: (one) => one.file_name },
            { label: "Format", render: (one) => one.format },
            { label: "Booked", number: true, render: (one) => count(one.rows_booked) },
            { label: "Booked before", number: true, render: (one) => count(one.rows_duplicate) },
            { label: "Standing", number: true, render: (one) => count(one.standing) },
          ]}
          actions={(one) =>
            one.standing > 0 && (
              <Ask
                label="Take back"
                about={one.file_name}
                question={`${count(one.standing)} entries will be reversed, all of them or none.`}
                reason="Why; it stays in the ledger"
                run={(reason) => undo(one.id, reason)}
              />
            )
          }
        />
      )}
    </Section>
  );
}

function Statements({ portfolioId }: { portfolioId: string }) {
  const { api } = useServices();
  const found = useQuery(statements(api, portfolioId));
  return (
    <Section
      title="Statements"
      about="A broker's positions and cash against the ledger: a CSV with the columns kind (POSITION or CASH), name, amount."
      query={found}
    >
      {(list) => (
        <>
          <Compare portfolioId={portfolioId} />
          <RecordTable
            caption="Statements compared"
            empty="No statement has been compared."
            items={list}
            keyOf={(one) => one.id}
            columns={[
              { label: "Date", render: (one) => day(one.asof_date) },
              { label: "From", render: (one) => one.source },
              {
                label: "Result",
                render: (one) =>
                  one.agrees ? (
                    <Chip tone="good">agrees</Chip>
                  ) : (
                    <Chip tone="danger">{one.differences.length} differ</Chip>
                  ),
              },
              { label: "Differences", wide: true, render: (one) => <Differences statement={one} /> },
              { label: "Compared", render: (one) => moment(one.created_at) },
            ]}
          />
        </>
      )}
    </Section>
  );
}

function Differences({ statement }: { statement: Statement }) {
  return (
    <>
      {statement.differences.map((one) => (
        <p key={`${one.kind} ${one.subject}`} className={classes.note}>
          {one.subject}: {one.ledger ?? "0"} stated, {one.database ?? "0"} booked. {one.probable_cause}
        </p>
      ))}
    </>
  );
}

function Compare({ portfolioId }: { portfolioId: string }) {
  const { api, queries } = useServices();
  const [file, setFile] = useState<File | null>(null);
  const [date, setDate] = useState("");
  const [source, setSource] = useState("broker");
  const [settle, setSettle] = useState(false);
  const request = useMutation({
    mutationFn: async () =>
      api.POST("/v1/portfolios/{portfolio_id}/statements", {
        params: { ...path(portfolioId), query: { date, source, lock: settle } },
        headers: { "Content-Type": "text/csv" },
        body: (await file?.text()) ?? "",
        bodySerializer: (body) => body as string,
      }),
    onSuccess: () => queries.invalidateQueries(),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    request.mutate();
  };
  return (
    <form className={`${classes.form} no-print`} onSubmit={submit} aria-label="Compare a statement">
      <FileInput
        label="Statement"
        size="xs"
        accept=".csv,text/csv"
        placeholder="Choose a file"
        value={file}
        onChange={setFile}
        required
      />
      <TextInput
        label="Its date"
        type="date"
        size="xs"
        required
        value={date}
        onChange={(event) => setDate(event.currentTarget.value)}
      />
      <TextInput
        label="From"
        size="xs"
        required
        value={source}
        onChange={(event) => setSource(event.currentTarget.value)}
      />
      <Checkbox
        label="Settle the period if nothing differs"
        checked={settle}
        onChange={(event) => setSettle(event.currentTarget.checked)}
      />
      <Button type="submit" size="xs" disabled={!file || !date} loading={request.isPending}>
        Compare
      </Button>
      {request.error && <Failure problem={asProblem(request.error)} />}
    </form>
  );
}

function Period({ portfolioId }: { portfolioId: string }) {
  const { api } = useServices();
  const found = useQuery(lock(api, portfolioId));
  const [through, setThrough] = useState("");
  const settle = (reason: string) =>
    api.PUT("/v1/portfolios/{portfolio_id}/period-lock", { params: path(portfolioId), body: { through, reason } });
  const open = (reason: string) =>
    api.POST("/v1/portfolios/{portfolio_id}/period-lock/opening", { params: path(portfolioId), body: { reason } });
  return (
    <Section
      title="Settled period"
      about="Entries on or before the last settled day need a reason, and are listed here."
      query={found}
    >
      {(data) => (
        <>
          <p>
            {data.locked_through
              ? `Settled through ${day(data.locked_through)}: ${data.reason ?? ""}.`
              : "Nothing is settled."}
          </p>
          <div className={`${classes.form} no-print`}>
            <TextInput
              label="Settle through"
              type="date"
              size="xs"
              value={through}
              onChange={(event) => setThrough(event.currentTarget.value)}
            />
            {through && (
              <Ask
                label="Settle"
                about={`through ${day(through)}`}
                question="Later entries of that time need a reason."
                reason="Why"
                run={settle}
              />
            )}
            {data.locked_through && (
              <Ask
                label="Open again"
                about={`settled through ${day(data.locked_through)}`}
                question="Entries of that time can then be booked without a reason."
                reason="Why"
                run={open}
              />
            )}
          </div>
          <RecordTable
            caption="Entries booked into settled periods"
            empty="Nothing was booked into a settled period."
            items={data.late_entries}
            keyOf={(one) => one.transaction_id}
            columns={[
              { label: "Entry", number: true, render: (one) => count(one.sequence) },
              { label: "Date", render: (one) => day(one.transaction_date) },
              { label: "Settled through", render: (one) => day(one.locked_through) },
              { label: "Why", wide: true, render: (one) => one.reason },
              { label: "Booked", render: (one) => moment(one.created_at) },
            ]}
          />
        </>
      )}
    </Section>
  );
}
