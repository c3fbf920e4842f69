/** The packs a reader can see from where they are: the newest, those around the one shown, and those of a date they type. */

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { packs } from "../../api/queries";
import type { Pack } from "../../api/types";
import { useServices } from "../../services";
import { dayAfter, periodEnd } from "./dates";

const NEWEST = 60;
const AROUND = 120;
/** Calendar days after the shown pack in which its newer neighbours are looked for. */
const DAYS_AHEAD = 60;
const OF_A_DATE = 40;

export function packDate(packId: string | undefined): string | undefined {
  return packId?.match(/^PP_(\d{4}-\d{2}-\d{2})/)?.[1];
}

function union(...lists: (readonly Pack[] | undefined)[]): Pack[] {
  const byId = new Map(lists.flatMap((list) => (list ?? []).map((pack) => [pack.id, pack] as const)));
  return [...byId.values()].sort(
    (a, b) => b.date.localeCompare(a.date) || b.edition - a.edition || b.id.localeCompare(a.id),
  );
}

/** Newest first. `sought` is what the reader typed; a year, month or day in it brings the packs up to its end. */
export function usePacks(portfolioId: string, packId: string | undefined, sought = ""): Pack[] {
  const { api } = useServices();
  const date = packDate(packId);
  const end = periodEnd(sought);
  const newest = useQuery({ ...packs(api, portfolioId, { limit: NEWEST }), enabled: portfolioId !== "" });
  const oldest = newest.data?.at(-1)?.date;
  const isOlder = date !== undefined && oldest !== undefined && date <= oldest;
  const around = useQuery({
    ...packs(api, portfolioId, { before: date && dayAfter(date, DAYS_AHEAD), limit: AROUND }),
    enabled: isOlder,
    placeholderData: keepPreviousData,
  });
  const ofDate = useQuery({
    ...packs(api, portfolioId, { before: end, limit: OF_A_DATE }),
    enabled: portfolioId !== "" && end !== undefined,
  });
  return useMemo(() => union(newest.data, around.data, ofDate.data), [newest.data, around.data, ofDate.data]);
}
