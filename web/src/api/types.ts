/** Short names for the parts of the generated schema that the app speaks about. */

import type { paths } from "./schema";

type Success<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  responses: { 200: { content: { "application/json": infer Body } } };
}
  ? Body
  : never;

export type Portfolio = Success<"/v1/portfolios", "get">["data"][number];
export type Pack = Success<"/v1/packs", "get">["data"][number];
export type User = Success<"/v1/auth/me", "get">["data"];
export type PatternResult = Success<"/v1/patterns/portfolio_overview", "post">;
export type Panel = PatternResult["panels"][number];
export type Trace = PatternResult["trace"];
export type ValuedPositions = PatternResult["data"]["valued_positions"];
export type PricedPosition = ValuedPositions["positions"][number];
export type PricedLot = PricedPosition["lots"][number];
export type CurrencyAttribution = PatternResult["data"]["currency_attr"];
