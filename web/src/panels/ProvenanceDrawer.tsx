/** How a panel's figures came to be: pack, ledger state, capabilities, method versions, sources, and what was stored or computed. */

import { Drawer, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import type { Panel, Trace } from "../api/types";
import { formatDate } from "../lib/format";
import { Chip } from "../ui/Chip";
import classes from "./Panel.module.css";

type Step = Trace["steps"][number];
type Props = { panel: Panel; trace: Trace };

export function ProvenanceDrawer({ panel, trace }: Props) {
  const [opened, drawer] = useDisclosure(false);
  const steps = trace.steps.filter((step) => panel.provenance.capabilities.includes(step.capability));
  return (
    <>
      <UnstyledButton
        className={classes.provenance ?? ""}
        onClick={drawer.open}
        aria-label={`How was ${panel.title} computed? ${origin(steps)}`}
        aria-haspopup="dialog"
      >
        <Chip tone="provenance">{origin(steps)}</Chip>
      </UnstyledButton>
      <Drawer
        opened={opened}
        onClose={drawer.close}
        position="right"
        size={420}
        lockScroll={false}
        title={`How was ${panel.title} computed?`}
        closeButtonProps={{ "aria-label": "Close" }}
      >
        <Facts panel={panel} trace={trace} steps={steps} />
      </Drawer>
    </>
  );
}

/** One word for where the figures came from. */
export function origin(steps: readonly Step[]): string {
  const origins = new Set(steps.map((step) => step.stored_or_computed).filter((one) => one !== null));
  if (origins.size === 0) return "sources";
  return origins.size === 1 ? ([...origins][0] ?? "sources") : "mixed";
}

function Facts({ panel, trace, steps }: Props & { steps: readonly Step[] }) {
  const { provenance } = panel;
  return (
    <dl className={classes.facts}>
      <Fact name="Pricing pack">
        {trace.pricing_pack_id && <code>{trace.pricing_pack_id}</code>}
        {trace.pack_hash && <code className={classes.hash}>{trace.pack_hash}</code>}
      </Fact>
      <Fact name="Ledger state">
        {trace.ledger_commit_hash && <code className={classes.hash}>{trace.ledger_commit_hash}</code>}
      </Fact>
      <Fact name="Oldest data">{panel.asof && formatDate(panel.asof)}</Fact>
      <Fact name="Pattern">
        {trace.pattern_id} {trace.version}
      </Fact>
      <Fact name="Computed by">
        <List items={steps.length > 0 ? steps.map(stepText) : provenance.capabilities} />
      </Fact>
      <Fact name="Method versions">
        <List items={provenance.method_versions} />
      </Fact>
      <Fact name="Sources">
        <List items={provenance.sources} />
      </Fact>
      {provenance.warnings.length > 0 && (
        <Fact name="Warnings">
          <List items={provenance.warnings} />
        </Fact>
      )}
      <Fact name="Trace">
        <code className={classes.hash}>{trace.trace_id}</code>
      </Fact>
    </dl>
  );
}

function stepText(step: Step): string {
  const facts = [
    step.stored_or_computed,
    step.duration_ms === null ? null : `${step.duration_ms.toFixed(1)} ms`,
    step.reason,
  ];
  const known = facts.filter((fact) => fact !== null);
  return known.length > 0 ? `${step.capability} (${known.join(", ")})` : step.capability;
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children || <span className="muted">not recorded</span>}</dd>
    </div>
  );
}

function List({ items }: { items: readonly string[] }) {
  if (items.length === 0) return <span className="muted">none</span>;
  return (
    <ul className={classes.list}>
      {items.map((item) => (
        <li key={item}>{item}</li>
      ))}
    </ul>
  );
}
