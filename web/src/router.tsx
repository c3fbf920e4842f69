/** The pages and their addresses. */

import {
  createRootRoute,
  createRoute,
  createRouter as createTanStackRouter,
  type ErrorComponentProps,
  Link,
  Outlet,
  type RouterHistory,
} from "@tanstack/react-router";
import { AdministrationPage } from "./features/administration/AdministrationPage";
import { AlertsPage } from "./features/alerts/AlertsPage";
import { HomePage } from "./features/home/HomePage";
import { LoginPage, safeNext } from "./features/login/LoginPage";
import { OverviewPage } from "./features/overview/OverviewPage";
import { PatternPage } from "./features/pattern/PatternPage";
import { ProposalsPage } from "./features/proposals/ProposalsPage";
import { SettingsPage } from "./features/settings/SettingsPage";
import { Shell } from "./features/shell/Shell";
import { type TransactionsSearch, transactionsSearch } from "./features/transactions/search";
import { TransactionsPage } from "./features/transactions/TransactionsPage";
import { UpkeepPage } from "./features/upkeep/UpkeepPage";
import { usePageTitle } from "./lib/page-title";
import { Empty, Failure } from "./ui/Notice";

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFoundPage, errorComponent: BrokenPage });

const login = createRoute({
  getParentRoute: () => root,
  path: "/login",
  validateSearch: (search: Record<string, unknown>): { next?: string } => {
    const next = safeNext(search.next);
    return next ? { next } : {};
  },
  component: LoginPage,
});

const app = createRoute({ getParentRoute: () => root, id: "app", component: Shell });

const home = createRoute({ getParentRoute: () => app, path: "/", component: HomePage });

export type OverviewSearch = { pack?: string; lookback?: number; ledger?: string };

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** What the address says of the figures. What cannot be meant is left out; what might be is the server's to judge. */
export function overviewSearch(search: Record<string, unknown>): OverviewSearch {
  const pack = text(search.pack);
  const ledger = text(search.ledger) ?? (typeof search.ledger === "number" ? String(search.ledger) : undefined);
  const lookback = Number(search.lookback);
  return {
    ...(pack ? { pack } : {}),
    ...(Number.isInteger(lookback) && lookback > 0 ? { lookback } : {}),
    ...(ledger ? { ledger } : {}),
  };
}

const overview = createRoute({
  getParentRoute: () => app,
  path: "/portfolios/$portfolioId/overview",
  validateSearch: overviewSearch,
  component: OverviewPage,
});

export type PatternSearch = { pack?: string; ledger?: string; [input: string]: unknown };

/** The pins of the figures, and beside them the inputs of the pattern under their own names. */
export function patternSearch(search: Record<string, unknown>): PatternSearch {
  const { pack: _, ledger: __, ...inputs } = search;
  const { pack, ledger } = overviewSearch(search);
  return { ...inputs, ...(pack ? { pack } : {}), ...(ledger ? { ledger } : {}) };
}

const pattern = createRoute({
  getParentRoute: () => app,
  path: "/portfolios/$portfolioId/patterns/$patternId",
  validateSearch: patternSearch,
  component: PatternPage,
});

const transactions = createRoute({
  getParentRoute: () => app,
  path: "/portfolios/$portfolioId/transactions",
  validateSearch: (search: Record<string, unknown>): TransactionsSearch => transactionsSearch(search),
  component: TransactionsPage,
});

const alerts = createRoute({ getParentRoute: () => app, path: "/alerts", component: AlertsPage });
const proposals = createRoute({
  getParentRoute: () => app,
  path: "/portfolios/$portfolioId/proposals",
  component: ProposalsPage,
});

const upkeep = createRoute({
  getParentRoute: () => app,
  path: "/portfolios/$portfolioId/upkeep",
  component: UpkeepPage,
});

const settings = createRoute({ getParentRoute: () => app, path: "/settings", component: SettingsPage });

const administration = createRoute({
  getParentRoute: () => app,
  path: "/administration",
  component: AdministrationPage,
});

const notFound = createRoute({ getParentRoute: () => app, path: "/$", component: NotFoundPage });

function NotFoundPage() {
  usePageTitle("Not found");
  return (
    <>
      <h1 className="sr-only">Not found</h1>
      <Empty message="There is no page at this address.">
        <Link to="/">Go to the dashboard</Link>
      </Empty>
    </>
  );
}

function BrokenPage({ error, reset }: ErrorComponentProps) {
  return (
    <Failure
      problem={{
        title: "The page failed",
        detail: `The page failed: ${error instanceof Error ? error.message : String(error)}`,
        remedy: "Reload it. If it happens again, report the text above.",
      }}
      onRetry={reset}
    />
  );
}

const routeTree = root.addChildren([
  login,
  app.addChildren([
    home,
    overview,
    pattern,
    transactions,
    proposals,
    upkeep,
    settings,
    administration,
    alerts,
    notFound,
  ]),
]);

export function createRouter(history?: RouterHistory) {
  return createTanStackRouter({ routeTree, ...(history ? { history } : {}), scrollRestoration: true });
}

export type AppRouter = ReturnType<typeof createRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: AppRouter;
  }
}
