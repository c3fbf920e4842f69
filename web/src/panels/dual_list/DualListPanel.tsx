/** Two lists side by side, one below the other where there is no room. */

import { useMemo } from "react";
import type { components } from "../../api/schema";
import { PlainTable } from "../../ui/grid/DetailTable";
import { Scroller } from "../../ui/Scroller";
import { dataTable } from "../tables";
import classes from "./DualListPanel.module.css";

type Schemas = components["schemas"];

export function DualListPanel({ data }: { data: Schemas["DualListData"] }) {
  return (
    <div className={classes.lists}>
      <Side side={data.left} />
      <Side side={data.right} />
    </div>
  );
}

function Side({ side }: { side: Schemas["TitledTable"] }) {
  const table = useMemo(() => dataTable(side.table), [side]);
  return (
    <div className={classes.side}>
      {table.rows.length === 0 ? (
        <p className="muted">{side.title}: none.</p>
      ) : (
        <Scroller label={side.title}>
          <PlainTable caption={side.title} columns={table.columns} rows={table.rows} />
        </Scroller>
      )}
    </div>
  );
}
