/** The dashboard: the panels of the pattern `portfolio_overview` for one portfolio, pack and window. */

import { Button, SegmentedControl } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { catalogue } from "../../api/patterns";
import { asProblem, type Problem } from "../../api/problem";
import { overview, overviewKey, portfolios } from "../../api/queries";
import type { PatternResult } from "../../api/types";
import { usePageTitle } from "../../lib/page-title";
import { PanelGrid, PanelGridSkeleton } from "../../panels/PanelGrid";
import type { Supplements } from "../../panels/supplement";
import { useServices } from "../../services";
import { Failure } from "../../ui/Notice";
import { AsOfBar } from "../asof/AsOfBar";
import { PageNotices } from "../asof/PageNotices";
import { rememberPortfolio } from "../home/last-portfolio";
import { Exports } from "../pattern/Exports";
import { AttributionDetail } from "./AttributionDetail";
import { flowSeries } from "./flows";
import { holdingsSupplement } from "./holdings";
import classes from "./OverviewPage.module.css";

export const DEFAULT_LOOKBACK = 252;
/** Trading days of the windows on offer. */
const WINDOWS = [
  { value: "63", label: "3M" },
  { value: "126", label: "6M" },
  { value: "252", label: "1Y" },
  { value: "756", label: "3Y" },
  { value: "1260", label: "5Y" },
];

const ROUTE = "/portfolios/$portfolioId/overview";
const PATTERN = "portfolio_overview";

export function OverviewPage() {
  const { api } = useServices();
  const { portfolioId } = useParams({ from: "/app/portfolios/$portfolioId/overview" });
  const { pack, lookback = DEFAULT_LOOKBACK, ledger } = useSearch({ from: "/app/portfolios/$portfolioId/overview" });
  const result = useQuery(overview(api, { portfolioId, lookbackDays: lookback, packId: pack, ledgerHash: ledger }));
  const { data: portfolioList } = useQuery(portfolios(api));
  const { data: patterns } = useQuery(catalogue(api));
  const pattern = patterns?.find((candidate) => candidate.id === PATTERN);
  const name = portfolioList?.find((portfolio) => portfolio.id === portfolioId)?.name;
  usePageTitle(name ? `${name} · Dashboard` : "Dashboard");

  const trace = result.data?.trace;
  useEffect(() => {
    if (name) rememberPortfolio(portfolioId);
  }, [name, portfolioId]);
  usePinnedPack(trace?.pricing_pack_id ?? undefined, result.isPlaceholderData);
  const answer = result.data;
  const supplements = useMemo(() => (answer ? supplementsOf(answer) : undefined), [answer]);
  const waiting = result.isPlaceholderData;
  const ledgerHash = waiting ? undefined : (trace?.ledger_commit_hash ?? undefined);
  const packId = (waiting ? pack : trace?.pricing_pack_id) ?? pack;

  return (
    <>
      <AsOfBar
        portfolioId={portfolioId}
        packId={packId}
        ledgerHash={ledgerHash}
        pinnedLedger={ledger !== undefined}
        busy={result.isFetching}
      />
      <div className={classes.page}>
        <div className={classes.heading}>
          <h1>Dashboard</h1>
          {name && <span className="muted print-only">{name}</span>}
          <WindowControl lookback={lookback} />
        </div>
        {pattern && result.data && !waiting && (
          <Exports
            pattern={pattern}
            request={{ patternId: PATTERN, portfolioId, inputs: { lookback_days: lookback }, packId, ledgerHash }}
          />
        )}
        {result.data && !waiting && (
          <PageNotices portfolioId={portfolioId} packId={packId} warnings={result.data.warnings} />
        )}
        {result.data ? (
          <div className={waiting ? classes.waiting : undefined} aria-busy={waiting}>
            {result.error && !asProblem(result.error).isOutage && (
              <Failure problem={asProblem(result.error)} onRetry={() => void result.refetch()} />
            )}
            <PanelGrid
              result={result.data}
              fileStem={packId ?? "latest"}
              supplements={supplements}
              onRetry={() => void result.refetch()}
            />
          </div>
        ) : result.error ? (
          <OverviewFailure problem={asProblem(result.error)} onRetry={() => void result.refetch()} />
        ) : (
          <PanelGridSkeleton />
        )}
      </div>
    </>
  );
}

/** The lots and totals of the holdings, the flows on the value; and by currency what the attribution's own panels do not already tell. */
function supplementsOf({ data, panels, trace }: PatternResult): Supplements {
  const fileStem = trace.pricing_pack_id ?? "latest";
  const told = {
    holdings: { table: () => holdingsSupplement(data) },
    historical_nav: { series: flowSeries(data.historical_nav, panels) },
  };
  if (panels.some((panel) => panel.id === "attribution_by_currency")) return told;
  const footer = () => <AttributionDetail attribution={data.currency_attr} fileStem={fileStem} />;
  return { ...told, currency_attribution: { span: 8, footer } };
}

/** Once the newest pack is known its id enters the address, so that the page and its link keep showing these figures. */
function usePinnedPack(packId: string | undefined, placeholder: boolean): void {
  const navigate = useNavigate({ from: ROUTE });
  const queries = useQueryClient();
  const { portfolioId } = useParams({ from: "/app/portfolios/$portfolioId/overview" });
  const { pack, lookback = DEFAULT_LOOKBACK, ledger } = useSearch({ from: "/app/portfolios/$portfolioId/overview" });
  useEffect(() => {
    if (pack || !packId || placeholder) return;
    const request = { portfolioId, lookbackDays: lookback, ledgerHash: ledger };
    const answer = queries.getQueryData(overviewKey(request));
    queries.setQueryData(overviewKey({ ...request, packId }), answer);
    void navigate({ search: (before) => ({ ...before, pack: packId }), replace: true });
  }, [pack, packId, placeholder, portfolioId, lookback, ledger, queries, navigate]);
}

function WindowControl({ lookback }: { lookback: number }) {
  const navigate = useNavigate({ from: ROUTE });
  return (
    <div className={`${classes.window} no-print`}>
      <span className="muted" id="window-label">
        Window
      </span>
      <SegmentedControl
        size="xs"
        aria-labelledby="window-label"
        data={WINDOWS}
        value={String(lookback)}
        onChange={(days) => void navigate({ search: (before) => ({ ...before, lookback: Number(days) }) })}
      />
    </div>
  );
}

/** An outage is the banner's to tell; the page keeps its place until the figures come. */
function OverviewFailure({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  const navigate = useNavigate({ from: ROUTE });
  const { pack } = useSearch({ from: "/app/portfolios/$portfolioId/overview" });
  if (problem.isOutage) return <PanelGridSkeleton />;
  return (
    <Failure problem={problem} onRetry={onRetry}>
      {pack && (
        <Button
          size="compact-sm"
          variant="default"
          onClick={() => void navigate({ search: ({ pack: _, ledger: __, ...rest }) => rest })}
        >
          Go to the latest pack
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={() => void navigate({ to: "/" })}>
        Choose a portfolio
      </Button>
    </Failure>
  );
}
