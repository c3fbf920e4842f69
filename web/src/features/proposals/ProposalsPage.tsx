/** Proposals for rebalancing: made, looked at, accepted or rejected, and booked after every entry was shown. */

import { Button, NumberInput, Select } from "@mantine/core";
import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import type { Api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { portfolios, present } from "../../api/queries";
import type { components } from "../../api/schema";
import { usePageTitle } from "../../lib/page-title";
import { useServices } from "../../services";
import { Chip, type Tone } from "../../ui/Chip";
import { Failure } from "../../ui/Notice";
import { Ask } from "../records/Ask";
import classes from "../records/Records.module.css";
import { type RecordColumn, RecordTable } from "../records/RecordTable";
import { Section } from "../records/Section";
import { day, moment, money, percent, price, quantity } from "../records/words";
import { Execute } from "./Execute";

export type Proposal = components["schemas"]["Suggestion"];
type Trade = Proposal["trades"][number];
type Template = components["schemas"]["PolicyWanted"]["template"];

const ROUTE = "/app/portfolios/$portfolioId/proposals";
const TEMPLATES = [
  { value: "default", label: "Default" },
  { value: "quality_focused", label: "Quality" },
  { value: "aggressive_growth", label: "Growth" },
  { value: "conservative_income", label: "Conservative income" },
];
const TONES: Record<Proposal["status"], Tone> = {
  pending: "warning",
  accepted: "good",
  rejected: "neutral",
  executed: "provenance",
};

const proposals = (api: Api, portfolioId: string) =>
  queryOptions({
    queryKey: ["proposals", portfolioId],
    queryFn: async ({ signal }) => {
      const params = { path: { portfolio_id: portfolioId } };
      return present((await api.GET("/v1/portfolios/{portfolio_id}/suggestions", { params, signal })).data).data
        .suggestions;
    },
  });

export function ProposalsPage() {
  const { api } = useServices();
  const { portfolioId } = useParams({ from: ROUTE });
  const found = useQuery(proposals(api, portfolioId));
  const { data: portfolioList } = useQuery(portfolios(api));
  const name = portfolioList?.find((portfolio) => portfolio.id === portfolioId)?.name;
  usePageTitle(name ? `${name} · Proposals` : "Proposals");
  return (
    <div className={classes.page}>
      <h1>Proposals{name && <span className="muted"> for {name}</span>}</h1>
      <Propose portfolioId={portfolioId} />
      <Section
        title="Kept proposals"
        about="A proposal fits the prices and the ledger it was made from. Nothing is booked before every entry was shown and confirmed."
        query={found}
      >
        {(list) =>
          list.length === 0 ? (
            <p className={classes.note}>Nothing has been proposed yet.</p>
          ) : (
            list.map((proposal, index) => (
              <OneProposal key={proposal.id} portfolioId={portfolioId} proposal={proposal} open={index === 0} />
            ))
          )
        }
      </Section>
    </div>
  );
}

function Propose({ portfolioId }: { portfolioId: string }) {
  const { api, queries } = useServices();
  const [template, setTemplate] = useState<Template>("default");
  const [largest, setLargest] = useState<number | string>("");
  const [turnover, setTurnover] = useState<number | string>("");
  const request = useMutation({
    mutationFn: () =>
      api.POST("/v1/portfolios/{portfolio_id}/suggestions", {
        params: { path: { portfolio_id: portfolioId } },
        body: {
          template,
          max_single_position: largest === "" ? null : Number(largest) / 100,
          max_turnover: turnover === "" ? null : Number(turnover) / 100,
          min_trade_value: "100",
          tax_system: "US",
        },
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["proposals", portfolioId] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    request.mutate();
  };
  return (
    <form className={`${classes.card} no-print`} onSubmit={submit} aria-label="Propose trades">
      <div className={classes.form}>
        <Select
          label="Policy"
          size="xs"
          data={TEMPLATES}
          value={template ?? "default"}
          allowDeselect={false}
          onChange={(value) => setTemplate((value ?? "default") as Template)}
        />
        <NumberInput
          label="Largest position, %"
          size="xs"
          min={1}
          max={100}
          value={largest}
          onChange={setLargest}
          placeholder="the policy's"
          hideControls
        />
        <NumberInput
          label="Most to trade one way, %"
          size="xs"
          min={0}
          max={100}
          value={turnover}
          onChange={setTurnover}
          placeholder="the policy's"
          hideControls
        />
        <Button type="submit" size="xs" loading={request.isPending}>
          Propose trades
        </Button>
      </div>
      {request.error && <Failure problem={asProblem(request.error)} />}
    </form>
  );
}

const CHANGES: readonly RecordColumn<Trade & { base: string }>[] = [
  { label: "Action", render: (trade) => (trade.action === "sell" ? "Sell" : "Buy") },
  { label: "Symbol", render: (trade) => trade.symbol },
  { label: "Quantity", number: true, render: (trade) => quantity(trade.quantity.replace(/^-/, "")) },
  { label: "Price", number: true, render: (trade) => price(trade.price, trade.currency) },
  { label: "Value", number: true, render: (trade) => money(trade.value, trade.base) },
  { label: "Weight now", number: true, render: (trade) => percent(trade.current_weight) },
  { label: "Target", number: true, render: (trade) => percent(trade.target_weight) },
  { label: "Costs", number: true, render: (trade) => money(trade.estimated_cost, trade.base) },
  { label: "Gain", number: true, render: (trade) => money(trade.realized_gain, trade.base) },
  { label: "Loss disallowed", number: true, render: (trade) => money(trade.disallowed, trade.base) },
  { label: "Tax", number: true, render: (trade) => money(trade.tax_cost, trade.base) },
  { label: "Why", wide: true, render: (trade) => trade.reason },
];

type OneProps = { portfolioId: string; proposal: Proposal; open: boolean };

function OneProposal({ portfolioId, proposal, open }: OneProps) {
  const base = proposal.base_currency;
  const title = `${proposal.policy_name.replaceAll("_", " ")} of ${moment(proposal.created_at)}`;
  const rows = proposal.trades.map((trade) => ({ ...trade, base }));
  return (
    <details className={classes.record} open={open || proposal.status === "accepted"}>
      <summary>
        <Chip tone={TONES[proposal.status]}>{proposal.status}</Chip> {title}: {proposal.trade_count} trades
      </summary>
      <dl className={classes.facts}>
        <Fact label="One-way turnover" value={percent(proposal.turnover_pct)} />
        <Fact label="Estimated costs" value={money(proposal.estimated_costs, base)} />
        <Fact label="Tax on the sales" value={money(proposal.tax_cost, base)} />
        <Fact label="Expected volatility" value={percent(proposal.expected_volatility)} />
        <Fact label="Prices" value={proposal.pricing_pack_id} />
        {proposal.executed_at && <Fact label="Booked" value={day(proposal.executed_at.slice(0, 10))} />}
      </dl>
      <RecordTable
        caption={`Trades of the proposal ${title}`}
        columns={CHANGES}
        items={rows}
        keyOf={(trade) => trade.security_id}
        empty="No trades."
      />
      <Decisions portfolioId={portfolioId} proposal={proposal} about={title} />
    </details>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Decisions({ portfolioId, proposal, about }: { portfolioId: string; proposal: Proposal; about: string }) {
  const { api } = useServices();
  const params = { path: { portfolio_id: portfolioId, suggestion_id: proposal.id } };
  if (proposal.status !== "pending" && proposal.status !== "accepted") return null;
  return (
    <div className={`${classes.actions} no-print`}>
      {proposal.status === "pending" && (
        <Ask
          label="Accept"
          about={about}
          question="It can then be executed. Nothing is booked yet."
          run={() => api.POST("/v1/portfolios/{portfolio_id}/suggestions/{suggestion_id}/acceptance", { params })}
        />
      )}
      <Ask
        label="Reject"
        about={about}
        question="It stays in the list and can no longer be executed."
        run={() => api.POST("/v1/portfolios/{portfolio_id}/suggestions/{suggestion_id}/rejection", { params })}
      />
      {proposal.status === "accepted" && <Execute portfolioId={portfolioId} proposal={proposal} about={about} />}
    </div>
  );
}
