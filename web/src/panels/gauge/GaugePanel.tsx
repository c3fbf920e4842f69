/** One figure on its scale with its limit, and below it the steps it is made of. */

import type { components } from "../../api/schema";
import { plotted } from "../../lib/decimal";
import { Value } from "../../ui/Value";
import { MetricsGrid } from "../metrics_grid/MetricsGrid";
import type { Cell } from "../model";
import { SlicesPanel } from "../slices/SlicesPanel";
import classes from "./GaugePanel.module.css";

type GaugeData = components["schemas"]["GaugeData"];

function at(cell: Cell | null): number | null {
  return cell && (typeof cell.value === "string" || typeof cell.value === "number") ? plotted(cell.value) : null;
}

/** Where the marks lie between 0 and 1 of the scale; null without a scale. Positions on the screen, never figures that are read. */
export function marks(data: GaugeData): { value: number; limit: number | null } | null {
  const [value, low, high] = [at(data.value), at(data.minimum) ?? 0, at(data.maximum)];
  if (value === null || high === null || high === low) return null;
  const share = (one: number) => Math.min(1, Math.max(0, (one - low) / (high - low)));
  const limit = at(data.limit);
  return { value: share(value), limit: limit === null ? null : share(limit) };
}

const percent = (share: number) => `${(share * 100).toFixed(3)}%`;

export function GaugePanel({ title, data }: { title: string; data: GaugeData }) {
  const placed = marks(data);
  return (
    <div className={classes.gauge}>
      <p className={classes.figure}>
        <span className={classes.label}>{data.value.label}</span>
        <Value
          value={data.value.value}
          look={data.value}
          currency={data.value.currency}
          withCurrency
          reason={data.value.reason}
        />
      </p>
      {placed && (
        <div className={classes.scale} aria-hidden="true">
          <span className={classes.bar} style={{ width: percent(placed.value) }} />
          {placed.limit !== null && <span className={classes.limit} style={{ left: percent(placed.limit) }} />}
        </div>
      )}
      <dl className={classes.marks}>
        {[data.minimum, data.limit, data.maximum].map(
          (cell) =>
            cell && (
              <div key={cell.label}>
                <dt>{cell.label}</dt>
                <dd>
                  <Value value={cell.value} look={cell} currency={cell.currency} withCurrency reason={cell.reason} />
                </dd>
              </div>
            ),
        )}
      </dl>
      {data.waterfall && <SlicesPanel title={`${title}: its parts`} kind="waterfall" data={data.waterfall} />}
      {data.metrics.length > 0 && <MetricsGrid data={{ metrics: data.metrics }} />}
    </div>
  );
}
