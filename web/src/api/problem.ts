/** The one shape of failure in the app: an RFC 9457 problem, whoever raised it. */

export type FieldError = { location?: string | undefined; message: string };

export type ProblemFacts = {
  status: number;
  code: string;
  title: string;
  detail: string;
  remedy?: string | undefined;
  traceId?: string | undefined;
  /** Seconds after which trying again is fair. */
  retryAfter?: number | undefined;
  errors?: FieldError[] | undefined;
};

/** Raised by the client for every answer that is not a success, and when there is no answer at all. */
export class Problem extends Error implements ProblemFacts {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly remedy: string | undefined;
  readonly traceId: string | undefined;
  readonly retryAfter: number | undefined;
  readonly errors: FieldError[] | undefined;

  constructor(facts: ProblemFacts) {
    super(facts.detail || facts.title);
    this.name = "Problem";
    this.status = facts.status;
    this.code = facts.code;
    this.title = facts.title;
    this.detail = facts.detail;
    this.remedy = facts.remedy;
    this.traceId = facts.traceId;
    this.retryAfter = facts.retryAfter;
    this.errors = facts.errors;
  }

  /** The server, its database or its prices cannot be reached for now; the same request will work later. */
  get isOutage(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function seconds(value: unknown): number | undefined {
  const count = typeof value === "string" ? Number.parseInt(value, 10) : value;
  return typeof count === "number" && Number.isFinite(count) && count >= 0 ? count : undefined;
}

function fieldErrors(value: unknown): FieldError[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.filter(isObject).map((entry) => ({
    location: text(entry.location) ?? (Array.isArray(entry.loc) ? entry.loc.join(".") : text(entry.field)),
    message: text(entry.message) ?? text(entry.msg) ?? text(entry.detail) ?? "The value is not accepted.",
  }));
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a failed answer. A body that is no problem document (a proxy's page, say) still names its status. */
export async function problemFrom(response: Response): Promise<Problem> {
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  const facts = isObject(body) ? body : {};
  return new Problem({
    status: response.status,
    code: text(facts.code) ?? `http_${response.status}`,
    title: text(facts.title) ?? `The server answered ${response.status}`,
    detail: text(facts.detail) ?? text(facts.title) ?? `The server answered ${response.status} and gave no reason.`,
    remedy: text(facts.remedy),
    traceId: text(facts.trace_id),
    retryAfter: seconds(facts.retry_after) ?? seconds(response.headers.get("Retry-After")),
    errors: fieldErrors(facts.errors),
  });
}

export function unreachable(): Problem {
  return new Problem({
    status: 0,
    code: "unreachable",
    title: "The server cannot be reached",
    detail: "The server cannot be reached.",
    remedy: "Check that DawsOS is running and that this device is connected. The page tries again by itself.",
  });
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  return new Problem({
    status: 0,
    code: "unexpected",
    title: "The page met an error of its own",
    detail: error instanceof Error ? error.message : String(error),
    remedy: "Reload the page. If it happens again, report the text above.",
  });
}
