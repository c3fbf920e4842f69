/** What every figure on the page rests on: portfolio, base currency, pricing pack and ledger state; all of it in the address. */

import { ActionIcon, Button, CopyButton, Select, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { packs, portfolios } from "../../api/queries";
import type { Pack, Portfolio } from "../../api/types";
import { formatDate, shortHash } from "../../lib/format";
import { useShortcut } from "../../lib/shortcuts";
import { useServices } from "../../services";
import { Chip } from "../../ui/Chip";
import { Icon } from "../../ui/icons";
import classes from "./AsOfBar.module.css";
import { neighbours, packState } from "./pack-state";

type Props = {
  portfolioId: string;
  /** The pack the figures come from, once they are there; before that the one asked for. */
  packId: string | undefined;
  ledgerHash: string | undefined;
  busy: boolean;
};

export function AsOfBar({ portfolioId, packId, ledgerHash, busy }: Props) {
  const { api } = useServices();
  const { data: portfolioList = [] } = useQuery(portfolios(api));
  const { data: packList = [] } = useQuery(packs(api));
  const portfolio = portfolioList.find((candidate) => candidate.id === portfolioId);
  return (
    <section className={classes.bar} aria-label="As of" aria-busy={busy}>
      <PortfolioField portfolios={portfolioList} portfolioId={portfolioId} />
      <Fact label="Base currency" value={portfolio?.base_currency ?? "…"} />
      <PackField packs={packList} packId={packId} />
      <LedgerField hash={ledgerHash} />
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

function PortfolioField({ portfolios: list, portfolioId }: { portfolios: Portfolio[]; portfolioId: string }) {
  const navigate = useNavigate();
  return (
    <Select
      className={`${classes.field} ${classes.portfolio}`}
      classNames={{ label: classes.label ?? "" }}
      label="Portfolio"
      size="xs"
      data={list.map((portfolio) => ({ value: portfolio.id, label: portfolio.name }))}
      value={list.some((portfolio) => portfolio.id === portfolioId) ? portfolioId : null}
      allowDeselect={false}
      onChange={(id) =>
        id &&
        void navigate({
          to: "/portfolios/$portfolioId/overview",
          params: { portfolioId: id },
          search: ({ ledger: _, ...rest }) => rest,
        })
      }
    />
  );
}

function useGoToPack(): (pack: Pack | undefined) => void {
  const navigate = useNavigate({ from: "/portfolios/$portfolioId/overview" });
  return (pack) => {
    if (pack) void navigate({ search: ({ ledger: _, ...rest }) => ({ ...rest, pack: pack.id }) });
  };
}

function PackField({ packs: list, packId }: { packs: Pack[]; packId: string | undefined }) {
  const goTo = useGoToPack();
  const { older, newer, newest } = packId
    ? neighbours(packId, list)
    : { older: undefined, newer: undefined, newest: undefined };
  useShortcut({ keys: "[", label: "Older pricing pack", group: "As of", run: () => goTo(older) });
  useShortcut({ keys: "]", label: "Newer pricing pack", group: "As of", run: () => goTo(newer) });
  useShortcut({ keys: "g l", label: "Latest pricing pack", group: "As of", run: () => goTo(newest) });
  const known = list.some((pack) => pack.id === packId);
  const ids = packId && !known ? [packId, ...list.map((pack) => pack.id)] : list.map((pack) => pack.id);
  return (
    <div className={`${classes.field} ${classes.pack}`}>
      <Select
        label="Pricing pack"
        size="xs"
        searchable
        limit={100}
        data={ids}
        value={packId ?? null}
        allowDeselect={false}
        placeholder="Latest"
        nothingFoundMessage="No pack of that date"
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

function PackOption({ pack, id }: { pack: Pack | undefined; id: string }) {
  return (
    <span className={classes.option}>
      <span className="numeric">{id}</span>
      <span className="muted">{pack ? (pack.superseded_by ? "restated" : formatDate(pack.date)) : ""}</span>
    </span>
  );
}

function LedgerField({ hash }: { hash: string | undefined }) {
  return (
    <div className={classes.field}>
      <span className={classes.label}>Ledger</span>
      <span className={classes.fact}>
        <code className={`numeric ${classes.hash}`} title={hash}>
          {hash ? shortHash(hash) : "…"}
        </code>
        {hash && (
          <CopyButton value={hash} timeout={1500}>
            {({ copied, copy }) => (
              <ActionIcon
                className="no-print"
                variant="subtle"
                size={24}
                onClick={copy}
                aria-label={copied ? "Ledger hash copied" : "Copy the ledger hash"}
              >
                {copied ? <Icon name="check" size={14} /> : <Icon name="copy" size={14} />}
              </ActionIcon>
            )}
          </CopyButton>
        )}
      </span>
    </div>
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

/** The address already holds the pack; the copied one also names the ledger state, so that the reader learns if it has moved on. */
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
