/** The states a page or panel can be in besides showing figures: loading, empty, not available, failed. */

import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { ProblemFacts } from "../api/problem";
import { Icon } from "./icons";
import classes from "./Notice.module.css";

export function Failure({
  problem,
  onRetry,
  children,
}: {
  problem: Pick<ProblemFacts, "detail" | "remedy" | "traceId" | "title">;
  onRetry?: (() => void) | undefined;
  children?: ReactNode;
}) {
  return (
    <div className={classes.failure} role="alert">
      <span className={classes.icon}>
        <Icon name="warning" size={20} />
      </span>
      <div className={classes.words}>
        <p className={classes.message}>{problem.detail}</p>
        {problem.remedy && <p className={classes.remedy}>{problem.remedy}</p>}
        {problem.traceId && (
          <p className={classes.trace}>
            Trace <code>{problem.traceId}</code>
          </p>
        )}
        <div className={classes.actions}>
          {onRetry && (
            <Button size="compact-sm" variant="default" leftSection={<Icon name="retry" size={14} />} onClick={onRetry}>
              Try again
            </Button>
          )}
          {children}
        </div>
      </div>
    </div>
  );
}

/** Something the server could not show, and that is no fault: a key that is not set, data that is not there. */
export function NotAvailable({ message, onRetry }: { message: string; onRetry: () => void }) {
  return (
    <div className={classes.empty} role="status">
      <p className={classes.told}>{message}</p>
      <Button size="compact-sm" variant="default" leftSection={<Icon name="retry" size={14} />} onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}

export function Empty({ message, children }: { message: string; children?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <p>{message}</p>
      {children}
    </div>
  );
}

export function Loading({ label, height = 160 }: { label: string; height?: number }) {
  return (
    <div className={classes.loading} role="status" style={{ minHeight: height }}>
      <span className="sr-only">{label}</span>
      <span className={classes.shimmer} aria-hidden="true" />
    </div>
  );
}
