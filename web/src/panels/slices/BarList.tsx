/** Parts as bars to the left and right of zero, each with its name and value: readable without seeing the bars. */

import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Value } from "../../ui/Value";
import type { Cell } from "../model";
import { LegendCurrency, sliceCurrency } from "./LegendCurrency";
import classes from "./Slices.module.css";
import { type Bar, type Geometry, isTotal } from "./slice-geometry";

const SHOWN_AT_FIRST = 12;

type Props = { title: string; slices: readonly Cell[]; geometry: Geometry };

export function BarList({ title, slices, geometry }: Props) {
  const [all, { toggle }] = useDisclosure(false);
  const long = slices.length > SHOWN_AT_FIRST;
  const currency = sliceCurrency(slices);
  return (
    <>
      <LegendCurrency currency={currency} />
      <ul className={classes.bars} aria-label={title}>
        {slices.map((slice, index) => (
          <BarLine
            key={slice.label}
            slice={slice}
            bar={geometry.bars[index] ?? null}
            zero={geometry.zero}
            currency={currency}
            folded={!all && index >= SHOWN_AT_FIRST}
          />
        ))}
      </ul>
      {long && (
        <Button className={`${classes.more} no-print`} size="compact-xs" variant="default" onClick={toggle}>
          {all ? `Show the first ${SHOWN_AT_FIRST}` : `Show all ${slices.length}`}
        </Button>
      )}
    </>
  );
}

/** A folded line is not on the screen, but on paper. */
type LineProps = { slice: Cell; bar: Bar | null; zero: number; currency: string | undefined; folded: boolean };

const percent = (share: number) => `${(share * 100).toFixed(3)}%`;

function BarLine({ slice, bar, zero, currency, folded }: LineProps) {
  const tone = bar?.negative ? classes.negative : slice.color_condition === "sign" ? classes.gain : "";
  return (
    <li className={`${classes.barLine} ${isTotal(slice) ? classes.total : ""} ${folded ? classes.folded : ""}`}>
      <span className={classes.name}>{slice.label}</span>
      <span className={classes.track} aria-hidden="true">
        <span className={classes.zero} style={{ left: percent(zero) }} />
        {bar && (
          <span
            className={`${classes.bar} ${tone}`}
            style={{ left: percent(bar.start), width: percent(bar.end - bar.start) }}
          />
        )}
      </span>
      <Value
        value={slice.value}
        look={slice}
        currency={slice.currency}
        withCurrency={currency === undefined}
        reason={slice.reason}
      />
    </li>
  );
}
