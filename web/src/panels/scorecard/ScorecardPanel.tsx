/** The score, and every criterion with whether it is met: said by a word and a mark, never by colour alone. */

import { useMemo } from "react";
import type { components } from "../../api/schema";
import { PlainTable } from "../../ui/grid/DetailTable";
import { Scroller } from "../../ui/Scroller";
import { MetricsGrid } from "../metrics_grid/MetricsGrid";
import { scorecardTable } from "../tables";
import classes from "./ScorecardPanel.module.css";

export function ScorecardPanel({ title, data }: { title: string; data: components["schemas"]["ScorecardData"] }) {
  const table = useMemo(() => scorecardTable(data), [data]);
  return (
    <div className={classes.card}>
      {data.metrics.length > 0 && <MetricsGrid data={{ metrics: data.metrics }} />}
      {table && (
        <Scroller label={`Criteria of ${title}`}>
          <PlainTable caption={`Criteria of ${title}`} columns={table.columns} rows={table.rows} />
        </Scroller>
      )}
    </div>
  );
}
