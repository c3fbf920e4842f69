/** News and proposed actions: one card a row, its first column as heading, the others as named facts. */

import { useMemo } from "react";
import type { components } from "../../api/schema";
import { RowValue } from "../../ui/grid/GridCell";
import { RowLink } from "../../ui/grid/RowLink";
import { type Action, Actions } from "../actions/Actions";
import { cellText } from "../model";
import { dataTable } from "../tables";
import classes from "./CardList.module.css";

type Props = {
  title: string;
  data: components["schemas"]["TableData"];
  /** For cards that propose something: what may be done about each row, in the order of the rows. */
  actions?: readonly (readonly Action[])[];
};

export function CardList({ title, data, actions }: Props) {
  const { columns, rows, opens } = useMemo(() => dataTable(data), [data]);
  const [heading, ...facts] = columns;
  return (
    <ul className={`${classes.cards} ${actions ? classes.side : ""}`} aria-label={title}>
      {rows.map((row, place) => (
        <li key={row.id} className={classes.card}>
          {heading && (
            <h3 className={classes.heading}>
              <RowLink opens={opens} row={row}>
                <RowValue column={heading} row={row} />
              </RowLink>
            </h3>
          )}
          <dl className={classes.facts}>
            {facts.map((column) => (
              <div key={column.key}>
                <dt>{column.label}</dt>
                <dd>
                  <RowValue column={column} row={row} />
                  {column.currency && <span className="muted"> {column.currency}</span>}
                </dd>
              </div>
            ))}
          </dl>
          {actions?.[place] && actions[place].length > 0 && (
            <Actions actions={actions[place]} about={heading ? cellText(heading, row) : title} />
          )}
        </li>
      ))}
    </ul>
  );
}
