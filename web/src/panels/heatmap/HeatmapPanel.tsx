/** A figure for every pair of names as a table whose cells are shaded; the shade only repeats what the figure or its word says. */

import type { components } from "../../api/schema";
import { plotted } from "../../lib/decimal";
import { Scroller } from "../../ui/Scroller";
import { Value } from "../../ui/Value";
import classes from "./HeatmapPanel.module.css";

type Schemas = components["schemas"];
type HeatmapCell = Schemas["HeatmapCell"];

/** How strong the shade is, from 0 to 4 steps, by the figure's share of the largest; a position on the screen, never a figure that is read. */
export function strength(cell: HeatmapCell, largest: number): number {
  const at = place(cell);
  if (at === null || largest === 0) return 0;
  return Math.min(4, Math.ceil((Math.abs(at) / largest) * 4));
}

function place(cell: HeatmapCell): number | null {
  return typeof cell.value === "string" || typeof cell.value === "number" ? plotted(cell.value) : null;
}

export function largestOf(data: Schemas["HeatmapData"]): number {
  const sizes = data.rows.flatMap((row) => row.cells.map((cell) => Math.abs(place(cell) ?? 0)));
  return Math.max(0, ...sizes);
}

export function HeatmapPanel({ title, data }: { title: string; data: Schemas["HeatmapData"] }) {
  const largest = largestOf(data);
  return (
    <Scroller label={`${title}, every pair`}>
      <table className={classes.map}>
        <caption className="sr-only">{title}</caption>
        <thead>
          <tr>
            <td />
            {data.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.rows.map((row) => (
            <tr key={row.label}>
              <th scope="row">{row.label}</th>
              {row.cells.map((cell) => (
                <td
                  key={cell.label}
                  className={(place(cell) ?? 0) < 0 ? classes.below : classes.above}
                  data-strength={strength(cell, largest)}
                >
                  <Value value={cell.value} look={cell} currency={cell.currency} withCurrency reason={cell.reason} />
                  {cell.level && <span className={classes.level}>{cell.level}</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
