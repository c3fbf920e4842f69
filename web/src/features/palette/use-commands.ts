/** What the palette can do: open a portfolio, go to a pack, change the theme, show the shortcuts, print. */

import { useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { portfolios } from "../../api/queries";
import { useServices } from "../../services";
import { usePacks } from "../asof/use-packs";
import { keepPack } from "../shell/Navigation";
import { usePatternGroups } from "../shell/pattern-groups";

export type Command = { id: string; group: string; label: string; words?: string; run: () => void };

/** `sought` may name a date: then the packs of that time are among the commands. */
export function useCommands(sought: string, onShowShortcuts: () => void): Command[] {
  const { api } = useServices();
  const navigate = useNavigate();
  const { portfolioId } = useParams({ strict: false });
  const { setColorScheme } = useMantineColorScheme();
  const { data: portfolioList } = useQuery(portfolios(api));
  const { pack: packId } = useSearch({ strict: false });
  const packList = usePacks(portfolioId ?? "", typeof packId === "string" ? packId : undefined, sought);
  const groups = usePatternGroups();

  return useMemo(() => {
    const open = (id: string, pack?: string) =>
      void navigate({
        to: "/portfolios/$portfolioId/overview",
        params: { portfolioId: id },
        search: (before) => (pack ? { ...before, pack } : {}),
      });
    const dashboards = (portfolioList ?? []).map((portfolio) => ({
      id: `portfolio-${portfolio.id}`,
      group: "Dashboard",
      label: portfolio.name,
      words: `${portfolio.base_currency} portfolio overview`,
      run: () => open(portfolio.id),
    }));
    const themes = (["dark", "light", "auto"] as const).map((theme) => ({
      id: `theme-${theme}`,
      group: "Theme",
      label: theme === "auto" ? "Follow the system" : `Use the ${theme} theme`,
      run: () => setColorScheme(theme),
    }));
    const dates = portfolioId
      ? packList.map((pack) => ({
          id: `pack-${pack.id}`,
          group: "Pricing pack",
          label: pack.id,
          words: `${pack.date} ${pack.freshness}`,
          run: () => open(portfolioId, pack.id),
        }))
      : [];
    const current = portfolioId ?? portfolioList?.[0]?.id;
    const pages = current
      ? [
          {
            id: "transactions",
            group: "Portfolio",
            label: "Transactions",
            words: "ledger entries",
            run: () => void navigate({ to: "/portfolios/$portfolioId/transactions", params: { portfolioId: current } }),
          },
          {
            id: "proposals",
            group: "Intelligence",
            label: "Proposals",
            words: "rebalancing trades accept execute",
            run: () => void navigate({ to: "/portfolios/$portfolioId/proposals", params: { portfolioId: current } }),
          },
          {
            id: "upkeep",
            group: "Portfolio",
            label: "Imports and statements",
            words: "undo reconcile period lock",
            run: () => void navigate({ to: "/portfolios/$portfolioId/upkeep", params: { portfolioId: current } }),
          },
          ...groups.flatMap(({ group, patterns }) =>
            patterns.map((pattern) => ({
              id: `pattern-${pattern.id}`,
              group,
              label: pattern.name,
              words: `${pattern.id} ${pattern.description} ${pattern.tags.join(" ")}`,
              run: () =>
                void navigate({
                  to: "/portfolios/$portfolioId/patterns/$patternId",
                  params: { portfolioId: current, patternId: pattern.id },
                  search: keepPack,
                }),
            })),
          ),
        ]
      : [];
    const others = [
      {
        id: "settings",
        group: "Operations",
        label: "Settings",
        words: "profile password tokens sources",
        run: () => void navigate({ to: "/settings" }),
      },
      { id: "shortcuts", group: "Help", label: "Keyboard shortcuts", run: onShowShortcuts },
      { id: "print", group: "Page", label: "Print this page", run: () => window.print() },
    ];
    return [...dashboards, ...pages, ...others, ...themes, ...dates];
  }, [portfolioList, packList, portfolioId, groups, navigate, setColorScheme, onShowShortcuts]);
}
