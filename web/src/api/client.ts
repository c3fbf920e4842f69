/** The typed client of the HTTP API: same origin, session cookie, every failure a `Problem`. */

import createClient, { type Client, type Middleware } from "openapi-fetch";
import { Problem, problemFrom, unreachable } from "./problem";
import type { paths } from "./schema";

export type ApiEvents = {
  /** The session is missing or over. */
  onUnauthenticated: () => void;
  onOutage: (problem: Problem) => void;
  onAnswer: () => void;
};

export type Api = Client<paths>;

const CHANGES_STATE = new Set(["POST", "PUT", "PATCH", "DELETE"]);
const LOGIN = "/v1/auth/login";

function failures(events: ApiEvents): Middleware {
  return {
    onRequest({ request }) {
      // A header that a foreign page cannot send without a preflight: the server refuses state changes without it.
      if (CHANGES_STATE.has(request.method)) request.headers.set("X-Requested-With", "dawsos");
      return request;
    },
    async onResponse({ response, schemaPath }) {
      if (response.ok) {
        events.onAnswer();
        return;
      }
      const problem = await problemFrom(response);
      if (problem.isOutage) events.onOutage(problem);
      if (problem.status === 401 && schemaPath !== LOGIN) events.onUnauthenticated();
      throw problem;
    },
    onError({ error }) {
      if (error instanceof Problem) return error;
      if (error instanceof DOMException && error.name === "AbortError") return error;
      const problem = unreachable();
      events.onOutage(problem);
      return problem;
    },
  };
}

export function createApi(fetcher: typeof fetch, origin: string, events: ApiEvents): Api {
  const client = createClient<paths>({
    baseUrl: origin,
    credentials: "same-origin",
    fetch: (request) => fetcher(request),
  });
  client.use(failures(events));
  return client;
}
