import { describe, expect, it } from "vitest";
import { LATEST, PACKS } from "../../testing/fixtures/overview";
import { dayAfter, periodEnd } from "./dates";
import { inForce, neighbours, packState } from "./pack-state";

describe("the end of a period that is typed", () => {
  it.each([
    ["2015", "2016-01-01"],
    ["2015-12", "2016-01-01"],
    ["2016-02", "2016-03-01"],
    ["2016-02-29", "2016-03-01"],
    ["PP_2015-03-31", "2015-04-01"],
    ["201", undefined],
    ["fresh", undefined],
    ["2015-13", undefined],
  ])("%s ends before %s", (text, expected) => {
    expect(periodEnd(text)).toBe(expected);
  });

  it("counts days across a year", () => {
    expect(dayAfter("2024-12-31")).toBe("2025-01-01");
  });
});

describe("a pack among the others", () => {
  it("is fresh when it is the newest", () => {
    expect(packState(LATEST, PACKS)).toMatchObject({ label: "Fresh", tone: "good" });
  });

  it("is stale when its freshness says so", () => {
    const stale = PACKS.map((pack) => (pack.id === LATEST ? { ...pack, freshness: "stale" } : pack));
    expect(packState(LATEST, stale)).toMatchObject({ label: "Stale", tone: "warning" });
  });

  it("is historical when there is a newer one", () => {
    expect(packState("PP_2025-10-01", PACKS)).toMatchObject({
      label: "Historical",
      explanation: `The newest pack is ${LATEST}.`,
    });
  });

  it("is restated when another replaced it", () => {
    expect(packState("PP_2025-10-14", PACKS)).toMatchObject({ label: "Restated", tone: "warning" });
  });

  it("cannot be chosen when it is replaced or not complete", () => {
    const pending = { ...PACKS[0], id: "PP_2025-11-03", status: "PENDING" } as (typeof PACKS)[number];
    const ids = inForce([pending, ...PACKS]).map((pack) => pack.id);
    expect(ids).toContain("PP_2025-10-14_R1");
    expect(ids).not.toContain("PP_2025-10-14");
    expect(ids).not.toContain("PP_2025-11-03");
  });

  it("has the next older and newer pack in force as neighbours, also when it is replaced itself", () => {
    expect(neighbours("PP_2025-10-15", PACKS).older?.id).toBe("PP_2025-10-14_R1");
    const { older, newer, newest } = neighbours("PP_2025-10-14", PACKS);
    expect([older?.id, newer?.id, newest?.id]).toEqual(["PP_2025-10-13", "PP_2025-10-15", LATEST]);
    expect(neighbours(LATEST, PACKS).newer).toBeUndefined();
  });
});
