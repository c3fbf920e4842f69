/** The name of a row as the way to the pattern that tells more of it, under the same pack and ledger state. */

import { Link, useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Row, TableModel } from "../../panels/model";

type Props = { opens: TableModel["opens"]; row: Row; children: ReactNode };

export function RowLink({ opens, row, children }: Props) {
  const value = opens && row.values[opens.key];
  if (!opens || value === null || value === undefined || value === "") return children;
  return (
    <Opened pattern={opens.pattern} input={opens.key} value={value}>
      {children}
    </Opened>
  );
}

type OpenedProps = { pattern: string; input: string; value: string | number | boolean; children: ReactNode };

function Opened({ pattern, input, value, children }: OpenedProps) {
  const { portfolioId } = useParams({ strict: false });
  if (!portfolioId) return children;
  return (
    <Link
      to="/portfolios/$portfolioId/patterns/$patternId"
      params={{ portfolioId, patternId: pattern }}
      search={(before) => ({
        ...(typeof before.pack === "string" ? { pack: before.pack } : {}),
        ...(typeof before.ledger === "string" ? { ledger: before.ledger } : {}),
        [input]: value,
      })}
    >
      {children}
    </Link>
  );
}
