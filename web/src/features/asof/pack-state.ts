/** What a pack is among all packs: the newest, an older one, or one that was restated. */

import type { Pack } from "../../api/types";
import type { Tone } from "../../ui/Chip";

export type PackState = { label: string; tone: Tone; explanation: string };

const FRESHNESS: Record<string, PackState> = {
  fresh: { label: "Fresh", tone: "good", explanation: "Reconciled and complete; the newest prices there are." },
  stale: { label: "Stale", tone: "warning", explanation: "Newer prices are due but have not arrived." },
  warming: { label: "Warming", tone: "warning", explanation: "The pack is still being prepared." },
  error: { label: "Failed", tone: "danger", explanation: "The pack could not be completed." },
};

/** Packs that can be chosen: complete and in force, newest first as the server lists them. */
export function inForce(packs: readonly Pack[]): Pack[] {
  return packs.filter((pack) => pack.status === "COMPLETE" && !pack.superseded_by);
}

export function packState(packId: string, packs: readonly Pack[]): PackState | undefined {
  const pack = packs.find((candidate) => candidate.id === packId);
  if (!pack) return undefined;
  if (pack.superseded_by) {
    return {
      label: "Restated",
      tone: "warning",
      explanation: `Replaced by ${pack.superseded_by}; these figures are the old ones.`,
    };
  }
  const newest = inForce(packs)[0];
  if (newest && newest.id !== packId) {
    return { label: "Historical", tone: "neutral", explanation: `The newest pack is ${newest.id}.` };
  }
  return FRESHNESS[pack.freshness] ?? { label: pack.freshness, tone: "neutral", explanation: "" };
}

export type Neighbours = { older: Pack | undefined; newer: Pack | undefined; newest: Pack | undefined };

export function neighbours(packId: string, packs: readonly Pack[]): Neighbours {
  const usable = inForce(packs);
  const place = usable.findIndex((pack) => pack.id === packId);
  const date = packs.find((pack) => pack.id === packId)?.date;
  if (place >= 0) return { older: usable[place + 1], newer: usable[place - 1], newest: usable[0] };
  if (!date) return { older: undefined, newer: undefined, newest: usable[0] };
  return {
    older: usable.find((pack) => pack.date < date),
    newer: usable.findLast((pack) => pack.date > date),
    newest: usable[0],
  };
}
