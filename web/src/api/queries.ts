/** Every read of the app as a query: its key, its request, how long its answer holds. */

import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Api } from "./client";
import { Problem } from "./problem";

const MINUTE = 60_000;

/** The client throws on failure, so an answer without a body is a broken promise of the server. */
export function present<T>(body: T | undefined): T {
  if (body !== undefined) return body;
  throw new Problem({
    status: 500,
    code: "empty_answer",
    title: "The server answered without content",
    detail: "The server answered without content.",
    remedy: "Try again; if it happens again, look at the server's log.",
  });
}

export const me = (api: Api) =>
  queryOptions({
    queryKey: ["me"],
    queryFn: async ({ signal }) => present((await api.GET("/v1/auth/me", { signal })).data).data,
    staleTime: 5 * MINUTE,
  });

export const portfolios = (api: Api) =>
  queryOptions({
    queryKey: ["portfolios"],
    queryFn: async ({ signal }) => present((await api.GET("/v1/portfolios", { signal })).data).data,
    staleTime: MINUTE,
  });

export type PackWindow = { before?: string | undefined; limit: number };

/** Packs of the policy a portfolio is valued by, newest first; `before` is not included. */
export const packs = (api: Api, portfolioId: string, { before, limit }: PackWindow) =>
  queryOptions({
    queryKey: ["packs", portfolioId, before ?? "newest", limit],
    queryFn: async ({ signal }) => {
      const query = { portfolio_id: portfolioId, limit, ...(before ? { before } : {}) };
      return present((await api.GET("/v1/packs", { params: { query }, signal })).data).data;
    },
    staleTime: MINUTE,
  });

/** What the figures are pinned to: a pack and a ledger state, or the newest of either. */
export type OverviewRequest = {
  portfolioId: string;
  lookbackDays: number;
  packId?: string | undefined;
  ledgerHash?: string | undefined;
};

export const overviewKey = (request: OverviewRequest) =>
  [
    "pattern",
    "portfolio_overview",
    request.portfolioId,
    request.lookbackDays,
    request.packId ?? "latest",
    request.ledgerHash ?? "latest",
  ] as const;

/** Without a pack the newest is meant, which may change at any time; with one the figures change only with the ledger. */
export const overview = (api: Api, request: OverviewRequest) =>
  queryOptions({
    queryKey: overviewKey(request),
    queryFn: async ({ signal }) =>
      present(
        (
          await api.POST("/v1/patterns/portfolio_overview", {
            body: {
              inputs: { portfolio_id: request.portfolioId, lookback_days: request.lookbackDays },
              ...(request.packId ? { pack_id: request.packId } : {}),
              ...(request.ledgerHash ? { ledger_commit_hash: request.ledgerHash } : {}),
            },
            signal,
          })
        ).data,
      ),
    staleTime: request.packId ? MINUTE : 0,
    placeholderData: keepPreviousData,
  });
