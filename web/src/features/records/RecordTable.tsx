/** A plain list of records with what may be done about each: for pages where a person acts, not for figures to sort. */

import type { ReactNode } from "react";
import { Scroller } from "../../ui/Scroller";
import classes from "./Records.module.css";

export type RecordColumn<Item> = {
  label: string;
  render: (item: Item) => ReactNode;
  /** Numbers stand to the right, digit under digit. */
  number?: boolean;
  /** Sentences need room. */
  wide?: boolean;
  /** Dates and moments stay on one line. */
  short?: boolean;
};

type Props<Item> = {
  caption: string;
  columns: readonly RecordColumn<Item>[];
  items: readonly Item[];
  keyOf: (item: Item) => string;
  empty: string;
  actions?: (item: Item) => ReactNode;
};

export function RecordTable<Item>({ caption, columns, items, keyOf, empty, actions }: Props<Item>) {
  if (items.length === 0) return <p className={classes.note}>{empty}</p>;
  return (
    <Scroller label={`Table: ${caption}`}>
      <table className={classes.table}>
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ label, number }) => (
              <th key={label} scope="col" className={number ? classes.number : undefined}>
                {label}
              </th>
            ))}
            {actions && <th scope="col">Actions</th>}
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={keyOf(item)}>
              {columns.map(({ label, render, number, wide, short }) => (
                <td
                  key={label}
                  className={number ? classes.number : wide ? classes.wide : short ? classes.short : undefined}
                >
                  {render(item)}
                </td>
              ))}
              {actions && (
                <td>
                  <div className={classes.actions}>{actions(item)}</div>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
