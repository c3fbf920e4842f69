/** What the palette can do: open a portfolio, go to a pack, change the theme, show the shortcuts, print. */

import { useMantineColorScheme } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { portfolios } from "../../api/queries";
import { useServices } from "../../services";
import { usePacks } from "../asof/use-packs";

export type Command = { id: string; group: string; label: string; words?: string; run: () => void };

/** `sought` may name a date: then the packs of that time are among the commands. */
export function useCommands(sought: string, onShowShortcuts: () => void): Command[] {
  const { api } = useServices();
  const navigate = useNavigate();
  const { portfolioId } = useParams({ strict: false });
  const { setColorScheme } = useMantineColorScheme();
  const { data: portfolioList } = useQuery(portfolios(api));
  const { pack: packId } = useSearch({ strict: false });
  const packList = usePacks(portfolioId ?? "", packId, sought);

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
    const others = [
      { id: "shortcuts", group: "Help", label: "Keyboard shortcuts", run: onShowShortcuts },
      { id: "print", group: "Page", label: "Print this page", run: () => window.print() },
    ];
    return [...dashboards, ...others, ...themes, ...dates];
  }, [portfolioList, packList, portfolioId, navigate, setColorScheme, onShowShortcuts]);
}
