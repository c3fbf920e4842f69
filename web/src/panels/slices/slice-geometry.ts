/** Where the bars of parts lie between 0 and 1: positions on the screen only, never figures that are read. */

import { plotted } from "../../lib/decimal";
import type { Cell } from "../model";

export type Bar = { start: number; end: number; negative: boolean };
export type Geometry = { bars: (Bar | null)[]; zero: number };

/** A circle shows up to this many parts that can still be told apart. */
export const MOST_SLICES = 8;

export function size(cell: Cell): number | null {
  return typeof cell.value === "string" || typeof cell.value === "number" ? plotted(cell.value) : null;
}

/** A circle can only show parts of one whole: none that may be negative, not all nothing, and few enough. */
export function fitsACircle(slices: readonly Cell[]): boolean {
  if (slices.some((slice) => slice.color_condition === "sign")) return false;
  const sizes = slices.map(size);
  return (
    slices.length <= MOST_SLICES &&
    sizes.every((one) => one !== null && one >= 0) &&
    sizes.some((one) => one !== null && one > 0)
  );
}

function scaled(edges: ([number, number] | null)[]): Geometry {
  const known = edges.filter((edge) => edge !== null).flat();
  const low = Math.min(0, ...known);
  const high = Math.max(0, ...known);
  const span = high - low || 1;
  const at = (value: number) => (value - low) / span;
  const bars = edges.map((edge) =>
    edge === null ? null : { start: at(Math.min(...edge)), end: at(Math.max(...edge)), negative: edge[1] < edge[0] },
  );
  return { bars, zero: at(0) };
}

/** Every bar from zero. */
export function barsFromZero(slices: readonly Cell[]): Geometry {
  return scaled(
    slices.map((slice) => {
      const value = size(slice);
      return value === null ? null : [0, value];
    }),
  );
}

/** A step that starts where the one before ended; a part called a total stands on zero. */
export function steps(slices: readonly Cell[]): Geometry {
  let level = 0;
  return scaled(
    slices.map((slice) => {
      const value = size(slice);
      if (value === null) return null;
      if (isTotal(slice)) {
        level = value;
        return [0, value];
      }
      const from = level;
      level += value;
      return [from, level];
    }),
  );
}

export function isTotal(slice: Cell): boolean {
  return /\btotal\b/i.test(slice.label);
}
