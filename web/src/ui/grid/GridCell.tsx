/** One cell of the grid: the figure in its unit, the row's expander in the first column. */

import {
  type Column,
  cellOptions,
  cellText,
  isNumericColumn,
  lookIn,
  type Row,
  type TableModel,
} from "../../panels/model";
import { Icon } from "../icons";
import { Note } from "../Note";
import { Value } from "../Value";
import classes from "./DataGrid.module.css";
import { RowLink } from "./RowLink";

type Expander = { open: boolean; detailId: string; title: string; toggle: () => void };

type Props = {
  column: Column;
  row: Row;
  first: boolean;
  expander?: Expander | undefined;
  /** What the name of the row leads to. */
  opens?: TableModel["opens"];
  /** Set in the totals row: the text where it has no figure of its own. */
  total?: string | undefined;
};

export function GridCell({ column, row, first, expander, opens, total }: Props) {
  const className = `${isNumericColumn(column) ? classes.right : ""} ${first ? classes.first : ""}`;
  const Tag = first ? "th" : "td";
  const long = !first && !isNumericColumn(column);
  return (
    <Tag className={className} scope={first ? "row" : undefined}>
      {expander && <ExpandButton expander={expander} subject={String(row.values[column.key] ?? "")} />}
      {total !== undefined && !(column.key in row.values) ? (
        total
      ) : (
        <span className={long ? classes.text : undefined} title={long ? cellText(column, row) : undefined}>
          <RowLink opens={opens} row={row}>
            <RowValue column={column} row={row} />
          </RowLink>
        </span>
      )}
    </Tag>
  );
}

export function RowValue({ column, row }: { column: Column; row: Row }) {
  const note = row.notes?.[column.key];
  return (
    <>
      {note && <Note text={note} />}
      <Value
        value={row.values[column.key]}
        look={lookIn(column, row)}
        reason={row.reasons[column.key]}
        {...cellOptions(column, row)}
      />
    </>
  );
}

function ExpandButton({ expander, subject }: { expander: Expander; subject: string }) {
  const { open, detailId, title, toggle } = expander;
  return (
    <button
      type="button"
      className={classes.expander}
      aria-expanded={open}
      aria-controls={open ? detailId : undefined}
      aria-label={`${title} of ${subject}`}
      onClick={toggle}
    >
      {open ? <Icon name="chevron-down" size={14} /> : <Icon name="chevron-right" size={14} />}
    </button>
  );
}
