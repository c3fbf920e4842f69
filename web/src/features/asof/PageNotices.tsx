/** What the reader must know before trusting the figures: that their pack was restated, and the warnings of the run. */

import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Icon } from "../../ui/icons";
import classes from "./PageNotices.module.css";
import { usePacks } from "./use-packs";

type Props = { portfolioId: string; packId: string | undefined; warnings: readonly string[] };

export function PageNotices({ portfolioId, packId, warnings }: Props) {
  const pack = usePacks(portfolioId, packId).find((candidate) => candidate.id === packId);
  if (!pack?.superseded_by && warnings.length === 0) return null;
  return (
    <div className={classes.notices}>
      {pack?.superseded_by && (
        <Restated packId={pack.id} replacement={pack.superseded_by} reason={pack.supersedes_reason} />
      )}
      {warnings.map((warning) => (
        <Notice key={warning}>{warning}</Notice>
      ))}
    </div>
  );
}

function Restated({ packId, replacement, reason }: { packId: string; replacement: string; reason: string | null }) {
  const navigate = useNavigate();
  return (
    <Notice>
      <span>
        {packId} was restated{reason ? `: ${reason}` : ""}. These are the figures as they were; {replacement} holds the
        corrected ones.
      </span>
      <Button
        size="compact-sm"
        variant="default"
        onClick={() => void navigate({ to: ".", search: (before) => ({ ...before, pack: replacement }) })}
      >
        Show the restated figures
      </Button>
    </Notice>
  );
}

function Notice({ children }: { children: ReactNode }) {
  return (
    <div className={classes.notice} role="status">
      <Icon name="warning" size={16} />
      {children}
    </div>
  );
}
