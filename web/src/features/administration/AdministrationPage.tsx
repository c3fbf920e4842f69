/** What an administrator looks after: nights, dead letters, doubtful prices, kept results, and who did what. */

import { Button } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { asProblem } from "../../api/problem";
import { present } from "../../api/queries";
import type { components } from "../../api/schema";
import { formatValue } from "../../lib/format";
import { usePageTitle } from "../../lib/page-title";
import { useServices } from "../../services";
import { Chip, type Tone } from "../../ui/Chip";
import { Failure } from "../../ui/Notice";
import { Ask } from "../records/Ask";
import classes from "../records/Records.module.css";
import { RecordTable } from "../records/RecordTable";
import { Section } from "../records/Section";
import { count, day, moment, percent, price } from "../records/words";

type Schemas = components["schemas"];
type Doubt = Schemas["PriceDoubt"];

const TONES: Record<string, Tone> = {
  succeeded: "good",
  resolved: "good",
  accepted: "good",
  failed: "danger",
  open: "warning",
  pending: "warning",
  running: "warning",
};

function Status({ status }: { status: string }) {
  return <Chip tone={TONES[status] ?? "neutral"}>{status}</Chip>;
}

export function AdministrationPage() {
  usePageTitle("Administration");
  return (
    <div className={classes.page}>
      <h1>Administration</h1>
      <Letters />
      <Doubts />
      <Nights />
      <Kept />
      <Audit />
    </div>
  );
}

function Nights() {
  const { api } = useServices();
  const found = useQuery({
    queryKey: ["admin", "jobs"],
    queryFn: async ({ signal }) => present((await api.GET("/v1/admin/jobs", { signal })).data).data,
  });
  return (
    <Section title="Nights" about="The steps of the newest nightly chains." query={found}>
      {(steps) => (
        <RecordTable
          caption="Steps of the nightly chains"
          empty="No night has run yet."
          items={steps}
          keyOf={(step) => `${step.policy} ${step.asof_date} ${step.job}`}
          columns={[
            { label: "Date", short: true, render: (step) => day(step.asof_date) },
            { label: "Policy", render: (step) => step.policy },
            { label: "Step", render: (step) => `${step.place}. ${step.job.replaceAll("_", " ")}` },
            { label: "Status", render: (step) => <Status status={step.status} /> },
            {
              label: "Done",
              number: true,
              render: (step) => (step.units_total ? `${count(step.units_done)} of ${count(step.units_total)}` : ""),
            },
            { label: "Attempts", number: true, render: (step) => count(step.attempts) },
            { label: "Ended", short: true, render: (step) => moment(step.finished_at) },
            {
              label: "What went wrong",
              wide: true,
              render: (step) => [step.error, ...step.warnings].filter(Boolean).join("; "),
            },
          ]}
        />
      )}
    </Section>
  );
}

function Letters() {
  const { api, queries } = useServices();
  const found = useQuery({
    queryKey: ["admin", "dlq"],
    queryFn: async ({ signal }) => present((await api.GET("/v1/admin/dlq", { signal })).data).data,
  });
  const due = useMutation({
    mutationFn: () => api.POST("/v1/admin/dlq/replay-batch"),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["admin"] }),
  });
  const params = (id: string) => ({ path: { letter_id: id } });
  return (
    <Section
      title="Dead letters"
      about="Background work that could not be done; it is tried again by itself a few times, then waits for somebody."
      query={found}
      heading={
        <Button size="compact-sm" variant="default" onClick={() => due.mutate()} loading={due.isPending}>
          Replay what is due
        </Button>
      }
    >
      {(letters) => (
        <>
          {due.error && <Failure problem={asProblem(due.error)} />}
          <RecordTable
            caption="Dead letters"
            empty="Nothing waits."
            items={letters}
            keyOf={(letter) => letter.id}
            columns={[
              { label: "Queue", render: (letter) => letter.queue_name },
              { label: "Status", render: (letter) => <Status status={letter.status} /> },
              { label: "Attempts", number: true, render: (letter) => count(letter.retry_count) },
              { label: "Kept", short: true, render: (letter) => moment(letter.created_at) },
              { label: "Next attempt", short: true, render: (letter) => moment(letter.next_attempt_at) },
              { label: "Error", wide: true, render: (letter) => letter.error ?? "" },
            ]}
            actions={(letter) => (
              <>
                <Ask
                  label="Replay"
                  about={letter.queue_name}
                  question="The work is done again now."
                  run={() => api.POST("/v1/admin/dlq/{letter_id}/replay", { params: params(letter.id) })}
                />
                <Ask
                  label="Settle"
                  about={letter.queue_name}
                  question="It is not tried again."
                  reason="Why it needs nothing more"
                  run={(note) =>
                    api.POST("/v1/admin/dlq/{letter_id}/resolve", { params: params(letter.id), body: { note } })
                  }
                />
              </>
            )}
          />
        </>
      )}
    </Section>
  );
}

function Doubts() {
  const { api } = useServices();
  const found = useQuery({
    queryKey: ["admin", "price-doubts"],
    queryFn: async ({ signal }) => present((await api.GET("/v1/admin/price-doubts", { signal })).data).data,
  });
  const decide = (doubt: Doubt, decision: "accepted" | "quarantined", note: string) =>
    api.POST("/v1/admin/price-doubts/decision", {
      body: { policy: doubt.policy, symbol: doubt.symbol, date: doubt.date, source: doubt.source, decision, note },
    });
  return (
    <Section
      title="Doubtful prices"
      about="In the wrong unit, against another source, far from the day before, or standing still. An open doubt keeps a pack from being served."
      query={found}
    >
      {(doubts) => (
        <RecordTable
          caption="Doubtful prices"
          empty="No price is in doubt."
          items={doubts}
          keyOf={(doubt) => `${doubt.symbol} ${doubt.date} ${doubt.source} ${doubt.rule}`}
          columns={[
            { label: "Date", short: true, render: (doubt) => day(doubt.date) },
            { label: "Symbol", render: (doubt) => doubt.symbol },
            { label: "Source", render: (doubt) => doubt.source },
            { label: "Rule", render: (doubt) => doubt.rule.replaceAll("_", " ") },
            { label: "Close", number: true, render: (doubt) => price(doubt.close, null) },
            { label: "Against", number: true, render: (doubt) => price(doubt.compared_close, null) },
            { label: "Finding", wide: true, render: (doubt) => doubt.finding },
          ]}
          actions={(doubt) => (
            <>
              <Ask
                label="It is right"
                about={`${doubt.symbol}, ${day(doubt.date)}, ${doubt.source}`}
                question="Packs go on using it."
                reason="Why; it is kept"
                run={(note) => decide(doubt, "accepted", note)}
              />
              <Ask
                label="Quarantine"
                about={`${doubt.symbol}, ${day(doubt.date)}, ${doubt.source}`}
                question="No pack built from now on uses it; restate the packs that have it."
                reason="Why; it is kept"
                run={(note) => decide(doubt, "quarantined", note)}
              />
            </>
          )}
        />
      )}
    </Section>
  );
}

function Kept() {
  const { api } = useServices();
  const found = useQuery({
    queryKey: ["admin", "cache"],
    queryFn: async ({ signal }) => present((await api.GET("/v1/admin/cache", { signal })).data).data,
  });
  return (
    <Section
      title="Kept results"
      about="How often a result was found kept or had to be computed since the server started, how old it was when served, and what is kept."
      query={found}
    >
      {(uses) => (
        <RecordTable
          caption="Kept results"
          empty="Nothing was asked for yet."
          items={uses}
          keyOf={(use) => use.derivation}
          columns={[
            { label: "Result", render: (use) => use.derivation.replaceAll("_", " ") },
            { label: "Found", number: true, render: (use) => count(use.hits) },
            { label: "Computed", number: true, render: (use) => count(use.misses) },
            { label: "Hit rate", number: true, render: (use) => percent(use.hit_rate) },
            { label: "Mean age served", number: true, render: (use) => formatValue(use.mean_age_seconds, "seconds") },
            { label: "Kept", number: true, render: (use) => count(use.kept) },
            { label: "Oldest", short: true, render: (use) => moment(use.oldest) },
            { label: "Newest", short: true, render: (use) => moment(use.newest) },
          ]}
        />
      )}
    </Section>
  );
}

function Audit() {
  const { api } = useServices();
  const found = useQuery({
    queryKey: ["admin", "audit"],
    queryFn: async ({ signal }) => present((await api.GET("/v1/admin/audit", { signal })).data).data,
  });
  return (
    <Section title="Who did what" about="The newest entries of the audit log." query={found}>
      {(entries) => (
        <RecordTable
          caption="Audit log"
          empty="Nothing was done yet."
          items={entries}
          keyOf={(entry) => String(entry.id)}
          columns={[
            { label: "When", short: true, render: (entry) => moment(entry.created_at) },
            { label: "User", render: (entry) => entry.user_id?.slice(-8) ?? "the house" },
            { label: "Did", render: (entry) => entry.action.replaceAll("_", " ") },
            { label: "What", render: (entry) => (entry.entity_type ?? "").replaceAll("_", " ") },
            { label: "Which", render: (entry) => entry.entity_ref ?? entry.entity_id?.slice(-8) ?? "" },
          ]}
        />
      )}
    </Section>
  );
}
