/** What the reader must know before trusting the figures: a restated pack, a ledger that has moved on, warnings of the run. */

import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { Pack } from "../../api/types";
import { shortHash } from "../../lib/format";
import { Icon } from "../../ui/icons";
import classes from "./OverviewPage.module.css";

type Props = {
  packs: readonly Pack[];
  packId: string | undefined;
  ledgerHash: string | undefined;
  /** The ledger state a shared link was made from. */
  sharedLedger: string | undefined;
  warnings: readonly string[];
};

export function PageNotices({ packs, packId, ledgerHash, sharedLedger, warnings }: Props) {
  const navigate = useNavigate({ from: "/portfolios/$portfolioId/overview" });
  const replacement = packs.find((pack) => pack.id === packId)?.superseded_by;
  const moved = sharedLedger !== undefined && ledgerHash !== undefined && sharedLedger !== ledgerHash;
  if (!replacement && !moved && warnings.length === 0) return null;
  return (
    <div className={classes.notices}>
      {replacement && (
        <Notice>
          <span>
            {packId} was restated. These are the figures as they were; {replacement} holds the corrected ones.
          </span>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void navigate({ search: (before) => ({ ...before, pack: replacement }) })}
          >
            Show the restated figures
          </Button>
        </Notice>
      )}
      {moved && (
        <Notice>
          <span>
            The ledger has changed since this link was made: it named <code>{shortHash(sharedLedger)}</code>, these
            figures rest on <code>{shortHash(ledgerHash)}</code>.
          </span>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => void navigate({ search: ({ ledger: _, ...rest }) => rest, replace: true })}
          >
            Understood
          </Button>
        </Notice>
      )}
      {warnings.map((warning) => (
        <Notice key={warning}>{warning}</Notice>
      ))}
    </div>
  );
}

function Notice({ children }: { children: React.ReactNode }) {
  return (
    <div className={classes.notice} role="status">
      <Icon name="warning" size={16} />
      {children}
    </div>
  );
}
