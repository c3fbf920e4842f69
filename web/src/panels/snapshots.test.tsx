/** The panels of the golden answers the server's tests keep in `tests/golden/answers`: what Python sends is what the app shows. */

import { readdirSync, readFileSync } from "node:fs";
import { fireEvent } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import type { Panel, PatternResult } from "../api/types";
import { renderPart } from "../testing/render";
import { PanelFrame } from "./PanelFrame";

const FOLDER = "../tests/golden/answers/patterns";

type Kept = Pick<PatternResult, "panels" | "trace">;

const KEPT = readdirSync(FOLDER).map((file): [string, Kept] => [
  file.replace(".json", ""),
  JSON.parse(readFileSync(`${FOLDER}/${file}`, "utf8")),
]);
const PANELS = KEPT.flatMap(([name, kept]) =>
  kept.panels.map((panel): [string, Panel, Kept["trace"]] => [`${name}: ${panel.id}`, panel, kept.trace]),
);

describe("an answer of the server", () => {
  it("is kept for every pattern", () => {
    expect(KEPT).toHaveLength(15);
  });

  it.each(PANELS)("is shown and saved (R61), %s", (_, panel, trace) => {
    const { container, files } = renderPart(
      <PanelFrame panel={panel} trace={trace} fileStem="kept" span={12} onRetry={vi.fn()} />,
    );
    const region = container.querySelector("section");
    expect(region).toHaveTextContent(panel.title);
    expect(region).not.toHaveTextContent(/undefined|NaN|\[object|could not be shown/);
    if (panel.status !== "ok") {
      expect(region).toHaveTextContent(panel.reason ?? "never");
      return;
    }
    // Looked for by attribute, for roles and names of a whole page of tables take seconds to compute.
    const save = container.querySelector(`[aria-label="Save ${panel.title} as CSV"]`);
    if (save === null) {
      expect(region?.textContent?.length).toBeGreaterThan(panel.title.length + 10);
      return;
    }
    fireEvent.click(save);
    const text = files.map((file) => file.text).join("");
    expect(text).not.toMatch(/undefined|NaN|\[object/);
    expect(text.split("\r\n").filter((line) => /\d|[a-z]{3}/.test(line)).length).toBeGreaterThan(1);
  });
});
