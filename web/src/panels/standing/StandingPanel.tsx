/** Where something stands: its state, how sure that is, the probability of every state, and the indicators behind it. */

import { useMemo } from "react";
import type { components } from "../../api/schema";
import { PlainTable } from "../../ui/grid/DetailTable";
import { Scroller } from "../../ui/Scroller";
import { Value } from "../../ui/Value";
import { MetricsGrid } from "../metrics_grid/MetricsGrid";
import { BarList } from "../slices/BarList";
import { barsFromZero } from "../slices/slice-geometry";
import { dataTable } from "../tables";
import classes from "./StandingPanel.module.css";

type StandingData = components["schemas"]["StandingData"];

export function StandingPanel({ title, data }: { title: string; data: StandingData }) {
  const table = useMemo(() => data.indicators && dataTable(data.indicators), [data]);
  const { slices = [] } = data.probabilities ?? {};
  return (
    <div className={classes.standing}>
      <p className={classes.state}>
        <Value value={data.state.value} look={data.state} reason={data.state.reason} />
      </p>
      {data.metrics.length > 0 && <MetricsGrid data={{ metrics: data.metrics }} />}
      {slices.length > 0 && <BarList title={`${title}: every state`} slices={slices} geometry={barsFromZero(slices)} />}
      {table && table.rows.length > 0 && (
        <Scroller label={`Indicators of ${title}`}>
          <PlainTable caption={`Indicators of ${title}`} columns={table.columns} rows={table.rows} />
        </Scroller>
      )}
    </div>
  );
}
