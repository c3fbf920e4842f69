/** The patterns of the server by group: those the reader may run, without the one the dashboard shows. */

import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { catalogue, type PatternSummary } from "../../api/patterns";
import { me } from "../../api/queries";
import { useServices } from "../../services";

type Group = PatternSummary["group"];

const GROUPS: readonly Group[] = ["Portfolio", "Analysis", "Intelligence", "Taxes", "Operations"];
const DASHBOARD = "portfolio_overview";
/** What it takes to see the page of alerts, which stands among the operations. */
export const ALERTS_RIGHT = "alerts_manage";
/** Groups with pages of the app's own: they are there without a pattern. */
const OWN: readonly Group[] = ["Portfolio", "Operations"];

export function grouped(
  patterns: readonly PatternSummary[],
  rights: readonly string[],
): { group: Group; patterns: PatternSummary[] }[] {
  const open = patterns.filter(
    (pattern) => pattern.id !== DASHBOARD && pattern.rights.every((right) => rights.includes(right)),
  );
  const all = GROUPS.map((group) => ({ group, patterns: open.filter((pattern) => pattern.group === group) }));
  return all.filter(({ group, patterns: found }) => OWN.includes(group) || found.length > 0);
}

export function usePatternGroups() {
  const { api } = useServices();
  const { data: patterns = [] } = useQuery(catalogue(api));
  const { data: user } = useQuery(me(api));
  return useMemo(() => grouped(patterns, user?.rights ?? []), [patterns, user]);
}
