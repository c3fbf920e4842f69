import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const css = readFileSync("src/ui/palette.css", "utf8");

function paletteOf(scheme: string): Map<string, string> {
  const block = new RegExp(`scheme="${scheme}"\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? "";
  return new Map([...block.matchAll(/--([\w-]+): ([^;]+);/g)].map((match) => [match[1] ?? "", match[2] ?? ""]));
}

function channels(colour: string): [number, number, number] {
  const match = /^hsl\((\d+) (\d+)% (\d+)%\)$/.exec(colour);
  if (!match) throw new Error(`'${colour}' is not written as hsl(H S% L%).`);
  const [h, s, l] = [Number(match[1]), Number(match[2]) / 100, Number(match[3]) / 100];
  const channel = (n: number) => {
    const k = (n + h / 30) % 12;
    return l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1));
  };
  return [channel(0), channel(8), channel(4)];
}

/** Relative luminance and contrast as WCAG 2.2 defines them. */
function luminance(colour: string): number {
  const linear = channels(colour).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}

function contrast(one: string, other: string): number {
  const [a, b] = [luminance(one), luminance(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

const TEXT = ["text", "text-muted", "accent", "gain", "loss", "information", "provenance", "warning", "danger"];
const SURFACES = ["page", "card", "raised"];
const OWN_SURFACE = [
  ["provenance", "provenance-surface"],
  ["warning", "warning-surface"],
  ["danger", "danger-surface"],
  ["text", "warning-surface"],
  ["text", "danger-surface"],
  ["text-muted", "warning-surface"],
  ["text-muted", "danger-surface"],
  ["on-accent", "accent-fill"],
  ["on-accent", "accent-fill-hover"],
  ["on-tooltip", "tooltip"],
];

describe.each(["dark", "light"])("the %s theme", (scheme) => {
  const palette = paletteOf(scheme);
  const colour = (name: string) => {
    const value = palette.get(name);
    if (value === undefined) throw new Error(`The ${scheme} theme has no colour '${name}'.`);
    return value;
  };

  it.each(TEXT.flatMap((text) => SURFACES.map((surface) => [text, surface] as const)))(
    "%s on %s reaches 4.5:1",
    (text, surface) => {
      expect(contrast(colour(text), colour(surface))).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(OWN_SURFACE as [string, string][])("%s on %s reaches 4.5:1", (text, surface) => {
    expect(contrast(colour(text), colour(surface))).toBeGreaterThanOrEqual(4.5);
  });

  it.each([
    "series-1",
    "series-2",
    "series-3",
    "series-4",
    "series-5",
    "series-6",
    "series-7",
    "series-8",
    "focus",
    "border-strong",
  ] as const)("%s stands out from a card at 3:1", (mark) => {
    expect(contrast(colour(mark), colour("card"))).toBeGreaterThanOrEqual(3);
  });
});

it("names the same colours in both themes", () => {
  expect([...paletteOf("dark").keys()]).toEqual([...paletteOf("light").keys()]);
});

it("measures black on white as 21:1", () => {
  expect(contrast("hsl(0 0% 0%)", "hsl(0 0% 100%)")).toBeCloseTo(21, 5);
});
