/** Figures side by side; one that is missing says why below its dash. */

import type { components } from "../../api/schema";
import { MISSING } from "../../lib/format";
import { Value } from "../../ui/Value";
import { type Cell, shown } from "../model";
import classes from "./MetricsGrid.module.css";

export function MetricsGrid({ data }: { data: components["schemas"]["MetricsGridData"] }) {
  return (
    <dl className={classes.strip}>
      {data.metrics.map((metric) => (
        <Metric key={metric.label} metric={metric} />
      ))}
    </dl>
  );
}

function Metric({ metric }: { metric: Cell }) {
  const missing = shown(metric.value, metric) === MISSING;
  return (
    <div className={classes.metric}>
      <dt className={classes.label}>{metric.label}</dt>
      <dd className={classes.figure}>
        {missing ? (
          <>
            <span aria-hidden="true">{MISSING}</span>
            <span className="sr-only">not available</span>
            <span className={classes.reason}>{metric.reason ?? "The server gave no reason."}</span>
          </>
        ) : (
          <>
            <Value value={metric.value} look={metric} currency={metric.currency} />
            {metric.currency && <span className={classes.currency}> {metric.currency}</span>}
          </>
        )}
      </dd>
    </div>
  );
}
