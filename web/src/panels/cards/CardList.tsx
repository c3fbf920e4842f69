/** News and proposed actions: one card a row, its first column as heading, the others as named facts. */

import { useMemo } from "react";
import type { components } from "../../api/schema";
import { RowValue } from "../../ui/grid/GridCell";
import { RowLink } from "../../ui/grid/RowLink";
import { dataTable } from "../tables";
import classes from "./CardList.module.css";

type Props = { title: string; kind: "news_list" | "action_cards"; data: components["schemas"]["TableData"] };

export function CardList({ title, kind, data }: Props) {
  const { columns, rows, opens } = useMemo(() => dataTable(data), [data]);
  const [heading, ...facts] = columns;
  return (
    <ul className={`${classes.cards} ${kind === "action_cards" ? classes.side : ""}`} aria-label={title}>
      {rows.map((row) => (
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
        </li>
      ))}
    </ul>
  );
}
