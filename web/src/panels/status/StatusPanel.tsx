/** How something stands, and figures about it. */

import type { components } from "../../api/schema";
import { Value } from "../../ui/Value";
import { MetricsGrid } from "../metrics_grid/MetricsGrid";

export function StatusPanel({ data }: { data: components["schemas"]["StatusData"] }) {
  return (
    <>
      <p>
        <strong>
          <Value value={data.state.value} look={data.state} reason={data.state.reason} />
        </strong>
      </p>
      {data.items.length > 0 && <MetricsGrid data={{ metrics: data.items }} />}
    </>
  );
}
