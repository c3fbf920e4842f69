/** The composition of the app: one client, one cache, one memory of outages, given to every part as a context. */

import { QueryClient } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { type Api, createApi } from "./api/client";
import { type Clock, OutageStore } from "./lib/outage";

export type Services = {
  api: Api;
  queries: QueryClient;
  outages: OutageStore;
  /** Set by the router: leaves for the login page and comes back after it. */
  session: { onUnauthenticated: () => void };
};

export type Surroundings = { fetch: typeof fetch; clock: Clock; origin: string };

/** A failed read is not retried at once: an outage has its own timetable, and every other failure would fail again. */
function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { retry: false, refetchOnReconnect: true, networkMode: "always" } },
  });
}

export function createServices({ fetch, clock, origin }: Surroundings): Services {
  const outages = new OutageStore(clock);
  const session = { onUnauthenticated: () => {} };
  const api = createApi(fetch, origin, {
    onUnauthenticated: () => session.onUnauthenticated(),
    onOutage: (problem) => outages.report(problem),
    onAnswer: () => outages.clear(),
  });
  return { api, queries: createQueries(), outages, session };
}

const Context = createContext<Services | null>(null);
export const ServicesProvider = Context.Provider;

export function useServices(): Services {
  const services = useContext(Context);
  if (!services) throw new Error("A component is used outside the app.");
  return services;
}
