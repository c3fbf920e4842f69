/** The patterns there are, and any of them asked by its id. */

import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { Api } from "./client";
import { present } from "./queries";
import type { components } from "./schema";

type Schemas = components["schemas"];
export type PatternSummary = Schemas["PatternSummary"];
export type PatternInput = Schemas["PatternInput"];
export type InputValue = Schemas["JsonValue"];
export type Answer = Schemas["ExecuteAnswer"];

const MINUTE = 60_000;

export const catalogue = (api: Api) =>
  queryOptions({
    queryKey: ["patterns"],
    queryFn: async ({ signal }) => present((await api.GET("/v1/patterns", { signal })).data).data,
    staleTime: 60 * MINUTE,
  });

export type PatternRequest = {
  patternId: string;
  portfolioId: string;
  inputs: Readonly<Record<string, InputValue>>;
  packId?: string | undefined;
  ledgerHash?: string | undefined;
};

export const answerKey = (request: PatternRequest) =>
  [
    "pattern",
    request.patternId,
    request.portfolioId,
    request.inputs,
    request.packId ?? "latest",
    request.ledgerHash ?? "latest",
  ] as const;

/** Without a pack the newest is meant, which may change at any time; with one the figures change only with the ledger. */
export const answer = (api: Api, request: PatternRequest) =>
  queryOptions({
    queryKey: answerKey(request),
    queryFn: async ({ signal }) =>
      present(
        (
          await api.POST("/v1/execute", {
            body: {
              pattern: request.patternId,
              portfolio_id: request.portfolioId,
              inputs: { ...request.inputs },
              ...(request.packId ? { pack_id: request.packId } : {}),
              ...(request.ledgerHash ? { ledger_commit_hash: request.ledgerHash } : {}),
            },
            signal,
          })
        ).data,
      ),
    staleTime: request.packId ? MINUTE : 0,
    placeholderData: (before, query) =>
      query?.queryKey[1] === request.patternId ? keepPreviousData(before) : undefined,
  });

/** The securities a portfolio holds, to choose one from. */
export const held = (api: Api, portfolioId: string) =>
  queryOptions({
    queryKey: ["held", portfolioId],
    queryFn: async ({ signal }) => {
      const body = { portfolio_id: portfolioId };
      const { positions } = present((await api.POST("/v1/capabilities/ledger.positions", { body, signal })).data).data;
      return positions.flatMap((position) =>
        position.security_id ? [{ id: position.security_id, symbol: position.symbol, name: position.name }] : [],
      );
    },
    staleTime: MINUTE,
  });
