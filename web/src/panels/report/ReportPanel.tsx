/** Words that were written about something, figures about them, and the file to take along. */

import type { components } from "../../api/schema";
import { Icon } from "../../ui/icons";
import { Missing } from "../../ui/Value";
import { MetricsGrid } from "../metrics_grid/MetricsGrid";
import classes from "./ReportPanel.module.css";

type Schemas = components["schemas"];

/** Only a path of this server is offered: an address elsewhere is shown as the text it is. */
export function ownPath(value: unknown): string | null {
  return typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : null;
}

export function ReportPanel({ data }: { data: Schemas["ReportData"] }) {
  return (
    <div className={classes.report}>
      <Paragraphs data={data} />
      {data.items.length > 0 && <MetricsGrid data={{ metrics: data.items }} />}
      {data.download && <Download cell={data.download} />}
    </div>
  );
}

export function Paragraphs({ data }: { data: Schemas["ProseData"] }) {
  return (
    <div className={classes.prose}>
      {data.paragraphs.map((text) => (
        <p key={text}>{text}</p>
      ))}
    </div>
  );
}

function Download({ cell }: { cell: Schemas["Cell"] }) {
  const path = ownPath(cell.value);
  if (path)
    return (
      <p>
        <a href={path} download className={classes.download}>
          <Icon name="download" size={16} /> Download
        </a>
      </p>
    );
  return <p>Download: {cell.value === null ? <Missing reason={cell.reason} /> : String(cell.value)}</p>;
}
