/** Any pattern of the server's catalogue: its inputs as a form, its panels below. */

import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import {
  type Answer,
  answer,
  answerKey,
  catalogue,
  type InputValue,
  type PatternRequest,
  type PatternSummary,
} from "../../api/patterns";
import { asProblem } from "../../api/problem";
import { portfolios } from "../../api/queries";
import { usePageTitle } from "../../lib/page-title";
import { PanelGrid, PanelGridSkeleton } from "../../panels/PanelGrid";
import { useServices } from "../../services";
import { Empty, Failure, Loading } from "../../ui/Notice";
import { AsOfBar } from "../asof/AsOfBar";
import { PageNotices } from "../asof/PageNotices";
import { rememberPortfolio } from "../home/last-portfolio";
import { Exports } from "./Exports";
import { InputForm } from "./InputForm";
import { type Field, fieldsOf, missing, valuesIn } from "./inputs";
import classes from "./PatternPage.module.css";

const ROUTE = "/app/portfolios/$portfolioId/patterns/$patternId";

export function PatternPage() {
  const { api } = useServices();
  const { patternId } = useParams({ from: ROUTE });
  const { data, error, refetch } = useQuery(catalogue(api));
  const pattern = data?.find((candidate) => candidate.id === patternId);
  usePageTitle(pattern?.name ?? "Pattern");
  if (pattern) return <Known key={pattern.id} pattern={pattern} />;
  if (error && !asProblem(error).isOutage) return <Failure problem={asProblem(error)} onRetry={() => void refetch()} />;
  if (!data) return <Loading label="Loading the patterns" height={240} />;
  return (
    <div className={classes.page}>
      <h1>Not found</h1>
      <Empty message={`There is no pattern '${patternId}' on this server.`} />
    </div>
  );
}

function useRequest(pattern: PatternSummary, fields: readonly Field[]): PatternRequest {
  const { portfolioId } = useParams({ from: ROUTE });
  const { pack, ledger, ...search } = useSearch({ from: ROUTE });
  const about = pattern.inputs.some((input) => input.name === "portfolio_id") ? { portfolio_id: portfolioId } : {};
  const named = JSON.stringify({ ...valuesIn(fields, search), ...about });
  const inputs = useMemo(() => JSON.parse(named) as Record<string, InputValue>, [named]);
  return { patternId: pattern.id, portfolioId, inputs, packId: pack, ledgerHash: ledger };
}

function Known({ pattern }: { pattern: PatternSummary }) {
  const { api } = useServices();
  const navigate = useNavigate();
  const fields = useMemo(() => fieldsOf(pattern), [pattern]);
  const request = useRequest(pattern, fields);
  const { ledger } = useSearch({ from: ROUTE });
  const wanting = missing(fields, request.inputs);
  const result = useQuery({ ...answer(api, request), enabled: wanting.length === 0 });
  const { data: portfolioList } = useQuery(portfolios(api));
  const name = portfolioList?.find((portfolio) => portfolio.id === request.portfolioId)?.name;
  useEffect(() => {
    if (name) rememberPortfolio(request.portfolioId);
  }, [name, request.portfolioId]);
  const waiting = result.isPlaceholderData;
  const trace = waiting ? undefined : result.data?.trace;
  usePinnedPack(request, trace?.pricing_pack_id ?? undefined);
  const packId = trace?.pricing_pack_id ?? request.packId;
  const show = (values: Record<string, unknown>) =>
    void navigate({ to: ".", search: (before) => ({ ...pinsOf(before), ...values }) });

  return (
    <>
      <AsOfBar
        portfolioId={request.portfolioId}
        packId={packId}
        ledgerHash={trace?.ledger_commit_hash ?? undefined}
        pinnedLedger={ledger !== undefined}
        busy={result.isFetching}
      />
      <div className={classes.page}>
        <div className={classes.heading}>
          <h1>{pattern.name}</h1>
          {name && <span className="muted print-only">{name}</span>}
        </div>
        <p className={classes.description}>{pattern.description}</p>
        {fields.length > 0 && (
          <InputForm fields={fields} values={request.inputs} portfolioId={request.portfolioId} onShow={show} />
        )}
        {trace && <Exports pattern={pattern} request={{ ...request, packId }} />}
        {wanting.length > 0 ? (
          <Empty message="Choose the inputs marked with an asterisk, then Show." />
        ) : (
          <Result request={request} result={result} packId={packId} />
        )}
      </div>
    </>
  );
}

const pinsOf = ({ pack, ledger }: { pack?: unknown; ledger?: unknown }) => ({
  ...(typeof pack === "string" ? { pack } : {}),
  ...(typeof ledger === "string" ? { ledger } : {}),
});

type ResultProps = {
  request: PatternRequest;
  result: { data: Answer | undefined; error: Error | null; isPlaceholderData: boolean; refetch: () => unknown };
  packId: string | undefined;
};

function Result({ request, result, packId }: ResultProps) {
  const navigate = useNavigate();
  const problem = result.error && asProblem(result.error);
  const retry = () => void result.refetch();
  if (!result.data) {
    if (!problem || problem.isOutage) return <PanelGridSkeleton />;
    return (
      <Failure problem={problem} onRetry={retry}>
        {request.packId && (
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void navigate({ to: ".", search: ({ pack: _, ledger: __, ...rest }) => rest })}
          >
            Go to the latest pack
          </Button>
        )}
      </Failure>
    );
  }
  return (
    <>
      {!result.isPlaceholderData && (
        <PageNotices portfolioId={request.portfolioId} packId={packId} warnings={result.data.warnings} />
      )}
      <div className={result.isPlaceholderData ? classes.waiting : undefined} aria-busy={result.isPlaceholderData}>
        {problem && !problem.isOutage && <Failure problem={problem} onRetry={retry} />}
        <PanelGrid result={result.data} fileStem={`${packId ?? "latest"}-${request.patternId}`} onRetry={retry} />
      </div>
    </>
  );
}

/** Once the newest pack is known its id enters the address, so that the page and its link keep showing these figures. */
function usePinnedPack(request: PatternRequest, packId: string | undefined): void {
  const navigate = useNavigate();
  const queries = useQueryClient();
  useEffect(() => {
    if (request.packId || !packId) return;
    queries.setQueryData(answerKey({ ...request, packId }), queries.getQueryData(answerKey(request)));
    void navigate({ to: ".", search: (before) => ({ ...before, pack: packId }), replace: true });
  });
}
