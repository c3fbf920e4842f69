/** Test fixture: the HTTP API over fixed data, with switches for every way it can fail. Never part of the built app. */

import type { PatternSummary } from "../api/patterns";
import {
  LATEST,
  OTHER_PORTFOLIO_ID,
  overviewAnswer,
  PACKS,
  PASSWORD,
  PORTFOLIO_ID,
  PORTFOLIOS,
  USER,
} from "./fixtures/overview";

export type Switches = {
  loggedIn: boolean;
  rights: readonly string[];
  /** Answers 503 with this Retry-After until it is null. */
  unavailable: { retryAfter: number; code: string } | null;
  /** The connection itself fails. */
  unreachable: boolean;
  lockedFor: number | null;
  portfolios: typeof PORTFOLIOS;
  patterns: readonly PatternSummary[];
  /** The answer of any pattern asked by its id. */
  answer: (body: Record<string, unknown>) => object;
  transactions: (query: URLSearchParams) => object;
  alerts: readonly object[];
  /** Addresses that take any change and answer with nothing. */
  accepts: readonly string[];
  /** Changes the answer of the overview before it is sent. */
  overview: (answer: ReturnType<typeof overviewAnswer>) => ReturnType<typeof overviewAnswer>;
  delayMilliseconds: number;
};

export type Recorded = { method: string; path: string; body: unknown; headers: Headers };

type ProblemBody = {
  status: number;
  code: string;
  title: string;
  detail: string;
  remedy?: string;
  retry_after?: number;
};

function problem(body: ProblemBody): Response {
  const headers: Record<string, string> = { "Content-Type": "application/problem+json" };
  if (body.retry_after !== undefined) headers["Retry-After"] = String(body.retry_after);
  return new Response(JSON.stringify({ type: "about:blank", trace_id: "trace-of-the-fixture", ...body }), {
    status: body.status,
    headers,
  });
}

function success(data: unknown, rest: object = {}): Response {
  const envelope = { status: "success", data, warnings: [], trace_id: "t", timestamp: "2025-10-31T21:00:00Z", ...rest };
  return new Response(JSON.stringify(envelope), { headers: { "Content-Type": "application/json" } });
}

function packsOf(query: URLSearchParams) {
  const before = query.get("before");
  return PACKS.filter((pack) => before === null || pack.date < before).slice(0, Number(query.get("limit") ?? 100));
}

const NOT_FOUND = (detail: string, remedy: string) =>
  problem({ status: 404, code: "not_found", title: "Not found", detail, remedy });

export class MockApi {
  readonly requests: Recorded[] = [];
  readonly switches: Switches;

  constructor(switches: Partial<Switches> = {}) {
    this.switches = {
      loggedIn: true,
      rights: USER.rights,
      unavailable: null,
      unreachable: false,
      lockedFor: null,
      portfolios: PORTFOLIOS,
      patterns: [],
      answer: () => ({}),
      transactions: () => ({}),
      alerts: [],
      accepts: [],
      overview: (answer) => answer,
      delayMilliseconds: 0,
      ...switches,
    };
  }

  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init);
    const text = request.body ? await request.text() : "";
    const path = new URL(request.url).pathname;
    const body: unknown = text === "" ? null : JSON.parse(text);
    this.requests.push({ method: request.method, path, body, headers: request.headers });
    if (this.switches.delayMilliseconds > 0)
      await new Promise((done) => setTimeout(done, this.switches.delayMilliseconds));
    if (this.switches.unreachable) throw new TypeError("fetch failed");
    const { searchParams } = new URL(request.url);
    return this.answer(request.method, path, searchParams, body as Record<string, unknown> | null, request.headers);
  };

  sent(path: string): Recorded[] {
    return this.requests.filter((request) => request.path === path);
  }

  private answer(
    method: string,
    path: string,
    query: URLSearchParams,
    body: Record<string, unknown> | null,
    headers: Headers,
  ): Response {
    const { unavailable } = this.switches;
    if (unavailable) return this.unavailableAnswer(unavailable);
    if (method === "POST" && headers.get("X-Requested-With") !== "dawsos") {
      return problem({
        status: 403,
        code: "forbidden",
        title: "Forbidden",
        detail: "The request does not come from this app.",
      });
    }
    if (path === "/v1/auth/login") return this.login(body ?? {});
    if (!this.switches.loggedIn) {
      return problem({
        status: 401,
        code: "unauthorized",
        title: "Unauthorized",
        detail: "Nobody is logged in.",
        remedy: "Log in.",
      });
    }
    if (method !== "GET" && this.switches.accepts.includes(path)) return success({});
    switch (`${method} ${path}`) {
      case "POST /v1/auth/logout":
        this.switches.loggedIn = false;
        return success({});
      case "GET /v1/auth/me":
        return success({ ...USER, rights: this.switches.rights });
      case "GET /v1/portfolios":
        return success(this.switches.portfolios);
      case "GET /v1/alerts":
        return success(this.switches.alerts);
      case "GET /v1/patterns":
        return success(this.switches.patterns);
      case "GET /v1/packs":
        return success(packsOf(query));
      case "POST /v1/execute":
        return success({}, this.switches.answer(body ?? {}));
      case `GET /v1/portfolios/${PORTFOLIO_ID}/transactions`:
        return success(this.switches.transactions(query));
      case "POST /v1/patterns/portfolio_overview":
        return this.overview(body ?? {});
      default:
        return NOT_FOUND(`There is no ${path}.`, "Look at the list of endpoints.");
    }
  }

  private unavailableAnswer({ retryAfter, code }: { retryAfter: number; code: string }): Response {
    const detail =
      code === "pricing_pack_warming" ? "The pricing pack is still warming." : "The database does not answer.";
    const remedy =
      code === "pricing_pack_warming" ? "It is usually ready within a minute." : "It is tried again by itself.";
    return problem({ status: 503, code, title: "Unavailable", detail, remedy, retry_after: retryAfter });
  }

  private login(body: Record<string, unknown>): Response {
    const { lockedFor } = this.switches;
    if (lockedFor !== null) {
      return problem({
        status: 429,
        code: "rate_limited",
        title: "Too many attempts",
        detail: "There were too many failed attempts.",
        remedy: "Wait before you try again.",
        retry_after: lockedFor,
      });
    }
    if (body.email !== USER.email || body.password !== PASSWORD) {
      return problem({
        status: 401,
        code: "unauthorized",
        title: "Unauthorized",
        detail: "The e-mail address or the password is wrong.",
        remedy: "Check both and try again.",
      });
    }
    this.switches.loggedIn = true;
    return success({ user: { ...USER, rights: this.switches.rights } });
  }

  private overview(body: Record<string, unknown>): Response {
    const inputs = (body.inputs ?? {}) as { portfolio_id?: string; lookback_days?: number };
    if (inputs.portfolio_id !== PORTFOLIO_ID && inputs.portfolio_id !== OTHER_PORTFOLIO_ID) {
      return NOT_FOUND(
        `There is no portfolio ${inputs.portfolio_id}, or none that you may see.`,
        "Choose one from the list.",
      );
    }
    const pack = PACKS.find((candidate) => candidate.id === (body.pack_id ?? LATEST));
    if (!pack) {
      return problem({
        status: 404,
        code: "pricing_pack_not_found",
        title: "Not found",
        detail: `There is no pricing pack ${String(body.pack_id)}.`,
        remedy: "Choose one of the packs listed.",
      });
    }
    const ledger = typeof body.ledger_commit_hash === "string" ? body.ledger_commit_hash : undefined;
    const answer = this.switches.overview(overviewAnswer(pack, inputs.lookback_days ?? 252, ledger));
    return success(answer.data, answer);
  }
}
