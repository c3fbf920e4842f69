/** What every figure on the page rests on: portfolio, base currency, pricing pack and ledger state; all of it in the address. */

import { ActionIcon, Button, type ComboboxItem, CopyButton, Select, Tooltip } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { portfolios } from "../../api/queries";
import type { Pack, Portfolio } from "../../api/types";
import { formatDate, shortHash } from "../../lib/format";
import { useShortcut } from "../../lib/shortcuts";
import { useServices } from "../../services";
import { Chip } from "../../ui/Chip";
import { Icon } from "../../ui/icons";
import classes from "./AsOfBar.module.css";
import { periodEnd } from "./dates";
import { neighbours, packState } from "./pack-state";
import { packDate, usePacks } from "./use-packs";

type Props = {
  portfolioId: string;
  /** The pack the figures come from, once they are there; before that the one asked for. */
  packId: string | undefined;
  ledgerHash: string | undefined;
  /** The figures are pinned to this state of the ledger, not to its newest. */
  pinnedLedger: boolean;
  busy: boolean;
};

export function AsOfBar({ portfolioId, packId, ledgerHash, pinnedLedger, busy }: Props) {
  const { api } = useServices();
  const { data: portfolioList = [] } = useQuery(portfolios(api));
  const packList = usePacks(portfolioId, packId);
  const portfolio = portfolioList.find((candidate) => candidate.id === portfolioId);
  return (
    <section className={classes.bar} aria-label="As of" aria-busy={busy}>
      <PortfolioField portfolios={portfolioList} portfolio={portfolio} />
      <Fact label="Base currency" value={portfolio?.base_currency ?? "…"} />
      <PackField portfolioId={portfolioId} packId={packId} />
      <LedgerField hash={ledgerHash} pinned={pinnedLedger} />
      <FreshnessField packs={packList} packId={packId} />
      <span className={classes.spacer} />
      <ShareButton packId={packId} ledgerHash={ledgerHash} />
    </section>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div className={classes.field}>
      <span className={classes.label}>{label}</span>
      <span className={classes.fact}>{value}</span>
    </div>
  );
}

/** A pack of another pricing policy, or a security held, means nothing to the portfolio that is chosen, so it is left behind. */
function PortfolioField({
  portfolios: list,
  portfolio,
}: {
  portfolios: Portfolio[];
  portfolio: Portfolio | undefined;
}) {
  const navigate = useNavigate();
  const open = (id: string | null) => {
    const chosen = list.find((candidate) => candidate.id === id);
    if (!chosen) return;
    const samePolicy = chosen.pricing_policy === portfolio?.pricing_policy;
    void navigate({
      to: ".",
      params: (before) => ({ ...before, portfolioId: chosen.id }),
      search: ({ ledger: _, security_id: __, pack, ...rest }) => (samePolicy && pack ? { ...rest, pack } : rest),
    });
  };
  return (
    <Select
      className={`${classes.field} ${classes.portfolio}`}
      classNames={{ label: classes.label ?? "" }}
      label="Portfolio"
      size="xs"
      data={list.map(({ id, name }) => ({ value: id, label: name }))}
      value={portfolio?.id ?? null}
      allowDeselect={false}
      onChange={open}
    />
  );
}

function useGoToPack(): (pack: Pack | undefined) => void {
  const navigate = useNavigate();
  return (pack) => {
    if (pack) void navigate({ to: ".", search: ({ ledger: _, ...rest }) => ({ ...rest, pack: pack.id }) });
  };
}

/** Typing a year, month or day finds the packs of that time, however long ago. */
function PackField({ portfolioId, packId }: { portfolioId: string; packId: string | undefined }) {
  const goTo = useGoToPack();
  const [typed, setTyped] = useState("");
  const [sought] = useDebouncedValue(typed, 250);
  const list = usePacks(portfolioId, packId, sought === packId ? "" : sought);
  const { older, newer, newest } = packId ? neighbours(packId, list) : NO_NEIGHBOURS;
  useShortcut({ keys: "[", label: "Older pricing pack", group: "As of", run: () => goTo(older) });
  useShortcut({ keys: "]", label: "Newer pricing pack", group: "As of", run: () => goTo(newer) });
  useShortcut({ keys: "g l", label: "Latest pricing pack", group: "As of", run: () => goTo(newest) });
  const usable = list.filter((pack) => pack.status === "COMPLETE").map((pack) => pack.id);
  return (
    <div className={`${classes.field} ${classes.pack}`}>
      <Select
        label="Pricing pack"
        size="xs"
        searchable
        limit={60}
        data={packId && !usable.includes(packId) ? [packId, ...usable] : usable}
        value={packId ?? null}
        allowDeselect={false}
        placeholder="Latest"
        nothingFoundMessage="No pack of that date"
        filter={({ options, search }) => nearest(options as ComboboxItem[], search)}
        onSearchChange={setTyped}
        classNames={{ label: classes.label ?? "", input: "numeric" }}
        renderOption={({ option }) => (
          <PackOption pack={list.find((pack) => pack.id === option.value)} id={option.value} />
        )}
        onChange={(id) => goTo(list.find((pack) => pack.id === id))}
      />
      <span className={`${classes.steps} no-print`}>
        <ActionIcon variant="default" size={30} aria-label="Older pack" disabled={!older} onClick={() => goTo(older)}>
          <Icon name="chevron-left" size={14} />
        </ActionIcon>
        <ActionIcon variant="default" size={30} aria-label="Newer pack" disabled={!newer} onClick={() => goTo(newer)}>
          <Icon name="chevron-right" size={14} />
        </ActionIcon>
      </span>
    </div>
  );
}

const NO_NEIGHBOURS = { older: undefined, newer: undefined, newest: undefined };
const NEAREST = 5;

/** Packs whose id has the words; for a day without a pack, the last ones before it. */
function nearest(options: ComboboxItem[], search: string): ComboboxItem[] {
  const words = search.trim().toUpperCase();
  const found = options.filter((option) => option.value.includes(words));
  const end = periodEnd(words);
  if (found.length > 0 || !end) return found;
  return options.filter((option) => (packDate(option.value) ?? end) < end).slice(0, NEAREST);
}

function PackOption({ pack, id }: { pack: Pack | undefined; id: string }) {
  return (
    <span className={classes.option}>
      <span className="numeric">{id}</span>
      <span className="muted">{pack ? (pack.superseded_by ? "restated" : formatDate(pack.date)) : ""}</span>
    </span>
  );
}

function LedgerField({ hash, pinned }: { hash: string | undefined; pinned: boolean }) {
  const navigate = useNavigate();
  return (
    <div className={classes.field}>
      <span className={classes.label}>Ledger</span>
      <span className={classes.fact}>
        <code className={`numeric ${classes.hash}`} title={hash}>
          {hash ? shortHash(hash) : "…"}
        </code>
        {hash && <CopyHash hash={hash} />}
        {pinned && (
          <>
            <Chip title="The figures rest on this state of the ledger, whatever was booked since.">Pinned</Chip>
            <Button
              className="no-print"
              size="compact-xs"
              variant="default"
              onClick={() => void navigate({ to: ".", search: ({ ledger: _, ...rest }) => rest })}
            >
              Use the newest entries
            </Button>
          </>
        )}
      </span>
    </div>
  );
}

function CopyHash({ hash }: { hash: string }) {
  return (
    <CopyButton value={hash} timeout={1500}>
      {({ copied, copy }) => (
        <ActionIcon
          className="no-print"
          variant="subtle"
          size={24}
          onClick={copy}
          aria-label={copied ? "Ledger hash copied" : "Copy the ledger hash"}
        >
          <Icon name={copied ? "check" : "copy"} size={14} />
        </ActionIcon>
      )}
    </CopyButton>
  );
}

function FreshnessField({ packs: list, packId }: { packs: Pack[]; packId: string | undefined }) {
  const goTo = useGoToPack();
  const state = packId ? packState(packId, list) : undefined;
  const newest = packId ? neighbours(packId, list).newest : undefined;
  if (!state) return null;
  return (
    <div className={classes.field}>
      <span className={classes.label}>Prices</span>
      <span className={classes.fact}>
        <Tooltip label={state.explanation} multiline maw={300} disabled={state.explanation === ""}>
          <span>
            <Chip tone={state.tone}>{state.label}</Chip>
          </span>
        </Tooltip>
        {newest && newest.id !== packId && (
          <Button className="no-print" size="compact-xs" variant="default" onClick={() => goTo(newest)}>
            Go to latest
          </Button>
        )}
      </span>
    </div>
  );
}

/** The address already holds the pack; the copied one also pins the ledger, so that it shows these figures for ever. */
function ShareButton({ packId, ledgerHash }: { packId: string | undefined; ledgerHash: string | undefined }) {
  const link = () => {
    const address = new URL(window.location.href);
    if (packId) address.searchParams.set("pack", packId);
    if (ledgerHash) address.searchParams.set("ledger", ledgerHash);
    return address.toString();
  };
  return (
    <CopyButton value={packId && ledgerHash ? link() : window.location.href} timeout={1500}>
      {({ copied, copy }) => (
        <Button
          title="The address of exactly these figures: portfolio, window, pricing pack and ledger state"
          className={`${classes.share} no-print`}
          size="compact-sm"
          variant="default"
          leftSection={copied ? <Icon name="check" size={14} /> : <Icon name="link" size={14} />}
          onClick={copy}
          disabled={!packId || !ledgerHash}
        >
          {copied ? "Link copied" : "Copy link"}
        </Button>
      )}
    </CopyButton>
  );
}
