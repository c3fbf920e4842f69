/** The currency attribution by currency, and whether its parts add up to the return that was computed without it. */

import { useMemo } from "react";
import type { CurrencyAttribution } from "../../api/types";
import { type Look, plainRow, type TableModel, TEXT } from "../../panels/model";
import { DataGrid } from "../../ui/grid/DataGrid";
import { Value } from "../../ui/Value";
import classes from "./AttributionDetail.module.css";

const SHARE: Look = { ...TEXT, format: "percentage", unit: "fraction" };
const SIGNED: Look = { ...SHARE, color_condition: "sign" };
const BASIS_POINTS: Look = { ...TEXT, format: "bps", unit: "basis_points" };

const COLUMNS = [
  { key: "currency", label: "Currency", look: TEXT },
  { key: "weight", label: "Weight", look: SHARE, description: "The average share of the value over the window" },
  { key: "local", label: "Local", look: SIGNED, description: "What the prices did in their own currency" },
  { key: "fx", label: "Currency effect", look: SIGNED, description: "What the exchange rate did" },
  { key: "interaction", label: "Interaction", look: SIGNED, description: "What both did together" },
  { key: "total", label: "Total", look: SIGNED },
];

function table(attribution: CurrencyAttribution): TableModel {
  const { reasons } = attribution;
  const totals = {
    local: attribution.local_return,
    fx: attribution.fx_return,
    interaction: attribution.interaction_return,
    total: attribution.total_return,
  };
  const why = {
    local: reasons.local_return,
    fx: reasons.fx_return,
    interaction: reasons.interaction_return,
    total: reasons.total_return,
  };
  const known = Object.fromEntries(
    Object.entries(why).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
  return {
    columns: COLUMNS,
    rows: Object.entries(attribution.attribution_by_currency).map(([currency, effect]) =>
      plainRow(currency, { currency, ...effect }),
    ),
    totals: plainRow("total", totals, { reasons: known }),
    totalsLabel: "Portfolio",
  };
}

export function AttributionDetail({ attribution, fileStem }: { attribution: CurrencyAttribution; fileStem: string }) {
  const model = useMemo(() => table(attribution), [attribution]);
  return (
    <div className={classes.detail}>
      <DataGrid
        name="attribution-by-currency"
        noun="currencies"
        caption="Attribution by currency"
        table={model}
        fileStem={fileStem}
        compact
      />
      <Closing attribution={attribution} />
    </div>
  );
}

/** The parts against the time-weighted return that was computed from the daily values alone. */
function Closing({ attribution }: { attribution: CurrencyAttribution }) {
  const { total_return: total, base_return_actual: actual, error_bps: error, reasons } = attribution;
  return (
    <p className={classes.closing}>
      Components sum to <Value value={total} look={SIGNED} reason={reasons.total_return} />, the time-weighted return of
      the same days is <Value value={actual} look={SIGNED} reason={reasons.base_return_actual} />: identity error{" "}
      <Value value={error} look={BASIS_POINTS} reason={reasons.error_bps} />.
    </p>
  );
}
