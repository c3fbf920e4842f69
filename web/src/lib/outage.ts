/** Remembers that the server is unavailable and when to try again, so that one banner speaks for every request. */

import type { Problem } from "../api/problem";

export type Outage = { problem: Problem; retryAt: number; failures: number };
export type Clock = () => number;

const FIRST_WAIT_SECONDS = 2;
const LONGEST_WAIT_SECONDS = 30;

/** The server's own Retry-After where it gives one, else a wait that doubles from two seconds to thirty. */
function waitSeconds(problem: Problem, failures: number): number {
  if (problem.retryAfter !== undefined) return Math.max(1, problem.retryAfter);
  return Math.min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2 ** (failures - 1));
}

export class OutageStore {
  private outage: Outage | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly clock: Clock) {}

  readonly current = (): Outage | null => this.outage;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Several requests failing in one wave count as one failure. */
  report(problem: Problem): void {
    const now = this.clock();
    if (this.outage && now < this.outage.retryAt) return;
    const failures = (this.outage?.failures ?? 0) + 1;
    this.set({ problem, failures, retryAt: now + waitSeconds(problem, failures) * 1000 });
  }

  clear(): void {
    if (this.outage) this.set(null);
  }

  secondsLeft(): number {
    return this.outage ? Math.max(0, Math.ceil((this.outage.retryAt - this.clock()) / 1000)) : 0;
  }

  private set(outage: Outage | null): void {
    this.outage = outage;
    for (const listener of this.listeners) listener();
  }
}
