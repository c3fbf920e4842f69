/** Every read of the app as a query: its key, its request, how long its answer holds. */

import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Api } from "./client";
import { Problem } from "./problem";

const MINUTE = 60_000;
export const PACKS_LISTED = 500;

/** The client throws on failure, so an answer without a body is a broken promise of the server. */
function present<T>(body: T | undefined): T {
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

export const packs = (api: Api) =>
  queryOptions({
    queryKey: ["packs"],
    queryFn: async ({ signal }) =>
      present((await api.GET("/v1/packs", { params: { query: { limit: PACKS_LISTED } }, signal })).data).data,
    staleTime: MINUTE,
  });

export type OverviewRequest = { portfolioId: string; lookbackDays: number; packId: string | undefined };

export const overviewKey = (request: OverviewRequest) =>
  ["pattern", "portfolio_overview", request.portfolioId, request.lookbackDays, request.packId ?? "latest"] as const;

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
            },
            signal,
          })
        ).data,
      ),
    staleTime: request.packId ? MINUTE : 0,
    placeholderData: keepPreviousData,
  });
