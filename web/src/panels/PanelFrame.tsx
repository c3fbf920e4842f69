/** The frame of every panel: its title, how fresh it is, where it comes from, and the states in which there are no figures. */

import { ActionIcon, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type ReactNode, useId, useMemo, useRef } from "react";
import type { Panel, Trace } from "../api/types";
import { formatDate } from "../lib/format";
import { useShortcut } from "../lib/shortcuts";
import { Chip } from "../ui/Chip";
import { DataGrid } from "../ui/grid/DataGrid";
import { Icon } from "../ui/icons";
import { Empty, NotAvailable } from "../ui/Notice";
import { Actions } from "./actions/Actions";
import { ExportButton } from "./ExportButton";
import { twinOf } from "./exports";
import { PanelBody } from "./kinds";
import classes from "./Panel.module.css";
import { PanelBoundary } from "./PanelBoundary";
import { ProvenanceDrawer } from "./ProvenanceDrawer";
import { type Supplement, withSeries } from "./supplement";

/** Kinds whose every dash stands above its own reason. */
const TELLS_ITS_REASONS = new Set<Panel["type"]>(["metrics_grid"]);

export type PanelProps = {
  panel: Panel;
  trace: Trace;
  fileStem: string;
  span: number;
  supplement?: Supplement | undefined;
  onRetry: () => void;
};

export function PanelFrame({ panel: sent, trace, fileStem, span, supplement, onRetry }: PanelProps) {
  const id = useId();
  const frame = useRef<HTMLElement>(null);
  const panel = useMemo(() => withSeries(sent, supplement?.series), [sent, supplement]);
  const twin = useMemo(() => twinOf(panel), [panel]);
  const [asTable, table] = useDisclosure(false);
  const shows = panel.status === "ok" && panel.data !== null;
  const turn = () => {
    // With the focus inside a chart's panel the key turns that one; otherwise it turns them all.
    const active = document.activeElement?.closest("[data-has-twin]");
    if (!active || active === frame.current) table.toggle();
  };
  useShortcut(
    { keys: "t", label: "Show charts as tables and back", group: "Charts", run: turn, together: true },
    twin !== null && shows,
  );

  return (
    <section
      ref={frame}
      className={`${classes.panel} ${classes[`span${span}`]}`}
      aria-labelledby={id}
      data-panel={panel.id}
      data-has-twin={twin !== null && shows ? "" : undefined}
    >
      <header className={classes.header}>
        <h2 id={id} className={classes.title}>
          {panel.title}
        </h2>
        <Freshness panel={panel} packDate={trace.asof_date} />
        <span className={classes.spacer} />
        {shows && <ExportButton panel={panel} fileStem={fileStem} />}
        {twin && shows && <TwinButton title={panel.title} asTable={asTable} onClick={table.toggle} />}
        <ProvenanceDrawer panel={panel} trace={trace} />
      </header>
      {panel.description && <p className={classes.description}>{panel.description}</p>}
      <div className={classes.body}>
        <PanelBoundary title={panel.title} onRetry={onRetry}>
          {!shows ? (
            <NothingToShow panel={panel} onRetry={onRetry} />
          ) : twin && asTable ? (
            <DataGrid
              name={`${panel.id}-table`}
              noun="rows"
              caption={`${panel.title}, as a table`}
              table={twin}
              filterKey={false}
              fileStem={`${fileStem}-${panel.id}`}
            />
          ) : (
            <PanelBody panel={panel} fileStem={fileStem} supplement={supplement?.table} />
          )}
          {shows && panel.actions.length > 0 && <Actions actions={panel.actions} about={panel.title} />}
          {shows && !asTable && supplement?.footer && <Footer content={supplement.footer} />}
        </PanelBoundary>
      </div>
      {shows && panel.reason && !TELLS_ITS_REASONS.has(panel.type) && (
        <p className={classes.partial}>Some figures are missing: {panel.reason}</p>
      )}
    </section>
  );
}

/** A component of its own, so that a failure in it is caught by the panel. */
function Footer({ content }: { content: () => ReactNode }) {
  return content();
}

function NothingToShow({ panel, onRetry }: { panel: Panel; onRetry: () => void }) {
  const reason = panel.reason ?? "The server gave no reason.";
  if (panel.status === "empty") return <Empty message={reason} />;
  return <NotAvailable message={sentence(reason)} onRetry={onRetry} />;
}

/** The reason as a sentence of its own: that the panel is unavailable is what the reader sees. */
function sentence(reason: string): string {
  const told = reason.replace(/^(?:unavailable: )+/, "");
  return told.charAt(0).toUpperCase() + told.slice(1);
}

/** Said only where it differs from the date the whole page stands under. */
function Freshness({ panel, packDate }: { panel: Panel; packDate: string | null }) {
  if (!panel.asof || (!panel.stale && panel.asof === packDate)) return null;
  const date = formatDate(panel.asof);
  return panel.stale ? (
    <Chip tone="warning" title="The oldest figure in this panel is older than it should be.">
      stale since {date}
    </Chip>
  ) : (
    <span className={classes.asof}>data from {date}</span>
  );
}

function TwinButton({ title, asTable, onClick }: { title: string; asTable: boolean; onClick: () => void }) {
  const label = asTable ? `Show ${title} as a chart` : `Show ${title} as a table`;
  return (
    <Tooltip label={`${asTable ? "Chart" : "Table"} (T)`}>
      <ActionIcon
        className="no-print"
        variant="subtle"
        size={28}
        aria-label={label}
        aria-pressed={asTable}
        onClick={onClick}
      >
        {asTable ? <Icon name="chart" size={16} /> : <Icon name="table" size={16} />}
      </ActionIcon>
    </Tooltip>
  );
}
