/** Parts as bars to the left and right of zero, each with its name and value: readable without seeing the bars. */

import { Value } from "../../ui/Value";
import type { Cell } from "../model";
import classes from "./Slices.module.css";
import { type Geometry, isTotal } from "./slice-geometry";

const percent = (share: number) => `${(share * 100).toFixed(3)}%`;

export function BarList({ title, slices, geometry }: { title: string; slices: readonly Cell[]; geometry: Geometry }) {
  const currencies = new Set(slices.map((slice) => slice.currency).filter((currency) => currency !== null));
  const shared = currencies.size === 1 ? [...currencies][0] : undefined;
  return (
    <>
      {shared && <p className={classes.currency}>{shared}</p>}
      <ul className={classes.bars} aria-label={title}>
        {slices.map((slice, index) => {
          const bar = geometry.bars[index];
          return (
            <li key={slice.label} className={`${classes.barLine} ${isTotal(slice) ? classes.total : ""}`}>
              <span className={classes.name}>{slice.label}</span>
              <span className={classes.track} aria-hidden="true">
                <span className={classes.zero} style={{ left: percent(geometry.zero) }} />
                {bar && (
                  <span
                    className={`${classes.bar} ${bar.negative ? classes.negative : ""}`}
                    style={{ left: percent(bar.start), width: percent(bar.end - bar.start) }}
                  />
                )}
              </span>
              <Value
                value={slice.value}
                look={slice}
                currency={slice.currency}
                withCurrency={shared === undefined}
                reason={slice.reason}
              />
            </li>
          );
        })}
      </ul>
    </>
  );
}
