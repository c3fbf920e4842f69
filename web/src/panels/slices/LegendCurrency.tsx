/** The currency of all parts, said once above them. */

import type { Cell } from "../model";
import classes from "./Slices.module.css";

export function sliceCurrency(slices: readonly Cell[]): string | undefined {
  const named = new Set(slices.map((slice) => slice.currency).filter((currency) => currency !== null));
  return named.size === 1 ? [...named][0] : undefined;
}

export function LegendCurrency({ currency }: { currency: string | undefined }) {
  return currency ? <p className={classes.currency}>{currency}</p> : null;
}
