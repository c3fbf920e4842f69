/** Parts of a whole as a ring while they fit one, else as bars; steps from part to total as a waterfall. */

import { useMemo } from "react";
import type { components } from "../../api/schema";
import { Chart } from "../../ui/chart/Chart";
import { Value } from "../../ui/Value";
import type { Cell } from "../model";
import { sliceSummary } from "../summaries";
import { BarList } from "./BarList";
import { LegendCurrency, sliceCurrency } from "./LegendCurrency";
import { ringOption } from "./ring-option";
import classes from "./Slices.module.css";
import { barsFromZero, fitsACircle, steps } from "./slice-geometry";

type Props = {
  title: string;
  kind: "pie_chart" | "donut_chart" | "waterfall";
  data: components["schemas"]["SliceData"];
};

export function SlicesPanel({ title, kind, data }: Props) {
  if (kind === "waterfall") return <BarList title={title} slices={data.slices} geometry={steps(data.slices)} />;
  if (!fitsACircle(data.slices))
    return <BarList title={title} slices={data.slices} geometry={barsFromZero(data.slices)} />;
  return <Ring title={title} data={data} />;
}

function Ring({ title, data }: Omit<Props, "kind">) {
  const option = useMemo(() => ringOption(data.slices), [data]);
  const summary = useMemo(() => sliceSummary(title, data), [title, data]);
  const currency = sliceCurrency(data.slices);
  return (
    <div className={classes.whole}>
      <div className={classes.ring}>
        <Chart option={option} summary={summary} height={170} />
        <div>
          <LegendCurrency currency={currency} />
          <ul className={classes.legend} aria-label={`Parts of ${title}`}>
            {data.slices.map((slice, index) => (
              <LegendLine key={slice.label} slice={slice} index={index} withCurrency={currency === undefined} />
            ))}
          </ul>
        </div>
      </div>
    </div>
  );
}

function LegendLine({ slice, index, withCurrency }: { slice: Cell; index: number; withCurrency: boolean }) {
  return (
    <li className={classes.legendLine}>
      <span className={classes.swatch} style={{ background: `var(--series-${(index % 8) + 1})` }} aria-hidden="true" />
      <span className={classes.name}>{slice.label}</span>
      <Value
        value={slice.value}
        look={slice}
        currency={slice.currency}
        withCurrency={withCurrency}
        reason={slice.reason}
      />
    </li>
  );
}
