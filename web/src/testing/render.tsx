/** Renders the whole app, or one part of it, over the fixture API. */

import { MantineProvider } from "@mantine/core";
import { createMemoryHistory } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import type { ReactNode } from "react";
import { App } from "../app";
import { SaverProvider } from "../lib/save";
import { ShortcutProvider } from "../lib/shortcuts";
import { createRouter } from "../router";
import { createServices } from "../services";
import { type ChartLoader, ChartLoaderProvider } from "../ui/chart/loader";
import { LATEST, PORTFOLIO_ID } from "./fixtures/overview";
import { MockApi, type Switches } from "./mock-api";

export const OVERVIEW = `/portfolios/${PORTFOLIO_ID}/overview`;
export const PINNED_OVERVIEW = `${OVERVIEW}?pack=${LATEST}`;

type Option = Record<string, unknown>;

/** A chart engine that draws nothing and remembers what it was asked to draw. */
export function recordingCharts(): { load: ChartLoader; drawn: Option[] } {
  const drawn: Option[] = [];
  const chart = { setOption: (option: Option) => void drawn.push(option), resize: () => {}, dispose: () => {} };
  return { drawn, load: async () => ({ init: () => chart }) };
}

export function renderApp(path: string, switches: Partial<Switches> = {}) {
  const api = new MockApi(switches);
  const services = createServices({ fetch: api.fetch, clock: () => Date.now(), origin: "http://dawsos.test" });
  const router = createRouter(createMemoryHistory({ initialEntries: [path] }));
  const charts = recordingCharts();
  const user = userEvent.setup();
  render(<App services={services} router={router} charts={charts.load} env="test" />);
  const address = () => router.state.location.href;
  return { api, services, router, charts, user, address };
}

export function renderPart(part: ReactNode) {
  const charts = recordingCharts();
  const user = userEvent.setup();
  const files: { name: string; text: string }[] = [];
  const rendered = render(
    <MantineProvider env="test" withCssVariables={false} withGlobalClasses={false}>
      <ShortcutProvider>
        <SaverProvider value={(name, text) => void files.push({ name, text })}>
          <ChartLoaderProvider value={charts.load}>{part}</ChartLoaderProvider>
        </SaverProvider>
      </ShortcutProvider>
    </MantineProvider>,
    { onCaughtError: () => undefined },
  );
  return { ...rendered, charts, files, user };
}
