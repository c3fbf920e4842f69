/** The same figures for several cases side by side. */

import { useMemo } from "react";
import type { components } from "../../api/schema";
import { PlainTable } from "../../ui/grid/DetailTable";
import { Scroller } from "../../ui/Scroller";
import { comparisonTable } from "../tables";

export function ComparisonPanel({ title, data }: { title: string; data: components["schemas"]["ComparisonData"] }) {
  const table = useMemo(() => comparisonTable(data), [data]);
  return (
    <Scroller label={`Table: ${title}`}>
      <PlainTable caption={title} columns={table.columns} rows={table.rows} />
    </Scroller>
  );
}
