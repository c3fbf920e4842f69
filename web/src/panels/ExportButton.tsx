/** Saves a panel's figures as CSV, as they are shown; several tables follow one another in one file, each under its name. */

import { ActionIcon, Tooltip } from "@mantine/core";
import type { Panel } from "../api/types";
import { toCsv } from "../lib/csv";
import { useSaver } from "../lib/save";
import { exportedCells } from "../ui/grid/grid-export";
import { Icon } from "../ui/icons";
import { exportsOf } from "./exports";

export function ExportButton({ panel, fileStem }: { panel: Panel; fileStem: string }) {
  const save = useSaver();
  const tables = exportsOf(panel);
  if (tables.length === 0) return null;
  const run = () => {
    const cells = tables.flatMap(({ name, table }, index) => [
      ...(index > 0 ? [[]] : []),
      ...(tables.length > 1 ? [[name]] : []),
      ...exportedCells(table.columns, table.rows, "shown"),
    ]);
    save(`${fileStem}-${panel.id}.csv`, toCsv(cells));
  };
  return (
    <Tooltip label="Save as CSV">
      <ActionIcon
        className="no-print"
        variant="subtle"
        size={28}
        aria-label={`Save ${panel.title} as CSV`}
        onClick={run}
      >
        <Icon name="download" size={16} />
      </ActionIcon>
    </Tooltip>
  );
}
