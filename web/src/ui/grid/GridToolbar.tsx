/** Above the grid: the quick filter, how many rows it leaves, which columns are shown, and export. */

import { Button, Checkbox, Menu, Popover, TextInput } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { useRef } from "react";
import { type Cell, toCsv, toTabSeparated } from "../../lib/csv";
import { useSaver } from "../../lib/save";
import { useShortcut } from "../../lib/shortcuts";
import type { Column } from "../../panels/model";
import { Icon } from "../icons";
import classes from "./DataGrid.module.css";
import type { Precision } from "./grid-export";

type Props = {
  noun: string;
  columns: readonly Column[];
  shownKeys: readonly string[];
  onToggleColumn: (key: string) => void;
  filter: string;
  onFilter: (words: string) => void;
  shown: number;
  total: number;
  cells: (precision: Precision) => Cell[][];
  fileStem: string;
  compact: boolean;
  filterKey: boolean;
};

export function GridToolbar(props: Props) {
  const { noun, filter, onFilter, shown, total, compact, filterKey } = props;
  const input = useRef<HTMLInputElement>(null);
  useShortcut(
    { keys: "/", label: `Filter ${noun}`, group: "Tables", run: () => input.current?.focus() },
    filterKey && !compact,
  );
  if (compact) {
    return (
      <div className={`${classes.toolbar} ${classes.compact} no-print`}>
        <ExportMenu {...props} />
      </div>
    );
  }
  return (
    <div className={`${classes.toolbar} no-print`}>
      <TextInput
        ref={input}
        size="xs"
        type="search"
        className={classes.filter ?? ""}
        aria-label={`Filter ${noun}`}
        placeholder={`Filter ${noun}  ( / )`}
        leftSection={<Icon name="search" size={14} />}
        value={filter}
        onChange={(event) => onFilter(event.currentTarget.value)}
        onKeyDown={(event) => event.key === "Escape" && (filter === "" ? event.currentTarget.blur() : onFilter(""))}
      />
      <span className={classes.count} role="status">
        {shown === total ? `${total} ${noun}` : `${shown} of ${total} ${noun}`}
      </span>
      <span className={classes.spacer} />
      <ColumnChooser {...props} />
      <ExportMenu {...props} />
    </div>
  );
}

function ColumnChooser({ columns, shownKeys, onToggleColumn }: Props) {
  return (
    <Popover position="bottom-end" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <Button size="compact-sm" variant="default" leftSection={<Icon name="columns" size={14} />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns shown">
        <fieldset className={classes.chooser}>
          <legend className="sr-only">Columns shown</legend>
          {columns.map((column, index) => (
            <Checkbox
              key={column.key}
              size="xs"
              label={column.label}
              checked={shownKeys.includes(column.key)}
              disabled={index === 0}
              onChange={() => onToggleColumn(column.key)}
            />
          ))}
        </fieldset>
      </Popover.Dropdown>
    </Popover>
  );
}

function ExportMenu({ cells, fileStem, noun }: Props) {
  const clipboard = useClipboard({ timeout: 1500 });
  const saver = useSaver();
  const save = (precision: Precision) =>
    saver(`${fileStem}-${noun}${precision === "exact" ? "-exact" : ""}.csv`, toCsv(cells(precision)));
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        leftSection={clipboard.copied ? <Icon name="check" size={14} /> : <Icon name="copy" size={14} />}
        onClick={() => clipboard.copy(toTabSeparated(cells("shown")))}
      >
        {clipboard.copied ? "Copied" : "Copy"}
      </Button>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button size="compact-sm" variant="default" leftSection={<Icon name="download" size={14} />}>
            Export
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => save("shown")}>CSV, as shown</Menu.Item>
          <Menu.Item onClick={() => save("exact")}>CSV, full precision</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
