/** Booking an accepted proposal: first exactly the entries, then the question, then all of them or none. */

import { Button, Checkbox, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { asProblem } from "../../api/problem";
import { present } from "../../api/queries";
import type { components } from "../../api/schema";
import { useServices } from "../../services";
import { Failure, Loading } from "../../ui/Notice";
import classes from "../records/Records.module.css";
import { type RecordColumn, RecordTable } from "../records/RecordTable";
import { day, money, price, quantity } from "../records/words";
import type { Proposal } from "./ProposalsPage";

type Entry = components["schemas"]["Executed"]["entries"][number];

const ENTRIES: readonly RecordColumn<Entry>[] = [
  { label: "Date", render: (entry) => day(entry.transaction_date) },
  { label: "Type", render: (entry) => entry.transaction_type },
  { label: "Symbol", render: (entry) => entry.symbol ?? "" },
  { label: "Quantity", number: true, render: (entry) => quantity(entry.quantity) },
  { label: "Price", number: true, render: (entry) => price(entry.price, entry.currency) },
  { label: "Amount", number: true, render: (entry) => money(entry.amount, entry.currency) },
  { label: "Fee", number: true, render: (entry) => money(entry.fee, entry.currency) },
];

type Props = { portfolioId: string; proposal: Proposal; about: string };

export function Execute({ portfolioId, proposal, about }: Props) {
  const [opened, dialog] = useDisclosure(false);
  return (
    <>
      <Button size="compact-sm" onClick={dialog.open} aria-label={`Execute: ${about}`}>
        Execute…
      </Button>
      <Modal
        opened={opened}
        onClose={dialog.close}
        title="What would be booked"
        size="xl"
        lockScroll={false}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        {opened && <Shown portfolioId={portfolioId} proposal={proposal} onDone={dialog.close} />}
      </Modal>
    </>
  );
}

function Shown({ portfolioId, proposal, onDone }: Omit<Props, "about"> & { onDone: () => void }) {
  const { api, queries } = useServices();
  const [withCosts, setWithCosts] = useState(false);
  const params = { path: { portfolio_id: portfolioId, suggestion_id: proposal.id } };
  const fills = { trades: [], with_estimated_costs: withCosts };
  const preview = useQuery({
    queryKey: ["proposals", portfolioId, proposal.id, "preview", withCosts],
    queryFn: async ({ signal }) => {
      const path = "/v1/portfolios/{portfolio_id}/suggestions/{suggestion_id}/preview";
      return present((await api.POST(path, { params, body: fills, signal })).data).data;
    },
    staleTime: 0,
    gcTime: 0,
  });
  const booking = useMutation({
    mutationFn: (shown: string) =>
      api.POST("/v1/portfolios/{portfolio_id}/suggestions/{suggestion_id}/execution", {
        params,
        body: { ...fills, shown },
      }),
    onSuccess: () => {
      onDone();
      return queries.invalidateQueries();
    },
  });
  const problem = booking.error ?? preview.error;
  const seen = preview.data;
  const cash = seen && Object.entries(seen.cash).map(([code, amount]) => money(amount, code));
  return (
    <>
      <Checkbox
        label="Book the estimated costs as fees"
        checked={withCosts}
        onChange={(event) => setWithCosts(event.currentTarget.checked)}
      />
      {seen ? (
        <>
          <RecordTable
            caption="Entries to be booked"
            columns={ENTRIES}
            items={seen.entries}
            keyOf={(entry) => entry.external_ref ?? entry.id}
            empty="There is nothing to book."
          />
          <p>
            Realised: {money(seen.realized_pl, seen.base_currency)}. Cash afterwards: {cash?.join(", ")}.
          </p>
        </>
      ) : (
        !preview.error && <Loading label="Working out the entries" height={200} />
      )}
      {problem && <Failure problem={asProblem(problem)} />}
      <div className={classes.answers}>
        <Button size="sm" variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button
          size="sm"
          disabled={!seen}
          loading={booking.isPending}
          onClick={() => seen && booking.mutate(seen.shown)}
        >
          {seen ? `Book these ${seen.entries.length} entries` : "Book"}
        </Button>
      </div>
    </>
  );
}
