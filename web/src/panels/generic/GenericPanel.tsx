/** A panel whose parts are named by its pattern, shown as named facts where no better view exists. */

import { isObject } from "../../api/problem";
import type { components } from "../../api/schema";
import { formatValue } from "../../lib/format";
import { Missing } from "../../ui/Value";
import classes from "./GenericPanel.module.css";

export function GenericPanel({ data }: { data: components["schemas"]["GenericData"] }) {
  return <Facts value={data.fields} path="" reasons={data.reasons} />;
}

type Props = { value: unknown; path: string; reasons: Readonly<Record<string, string>> };

const words = (name: string) => name.replaceAll("_", " ");
const below = (path: string, name: string | number) => (path === "" ? String(name) : `${path}.${name}`);

function Facts({ value, path, reasons }: Props) {
  if (isObject(value)) {
    return (
      <dl className={classes.facts}>
        {Object.entries(value).map(([name, part]) => (
          <div key={name} className={classes.fact}>
            <dt>{words(name)}</dt>
            <dd>
              <Facts value={part} path={below(path, name)} reasons={reasons} />
            </dd>
          </div>
        ))}
      </dl>
    );
  }
  if (Array.isArray(value)) {
    return (
      <ol className={classes.list}>
        {value.map((part, index) => (
          <li key={below(path, index)}>
            <Facts value={part} path={below(path, index)} reasons={reasons} />
          </li>
        ))}
      </ol>
    );
  }
  if (value === null || value === undefined) return <Missing reason={reasons[path]} />;
  return <>{formatValue(value, "auto")}</>;
}
