/** The pages there are, in five groups: the app's own, and a page for every pattern of the server that the reader may run. */

import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { me, portfolios } from "../../api/queries";
import { useServices } from "../../services";
import { Icon } from "../../ui/icons";
import { OperationPages, ProposalPages, UpkeepPages } from "./own-pages";
import { ALERTS_RIGHT, usePatternGroups } from "./pattern-groups";
import classes from "./Shell.module.css";

/** Groups with something in them for somebody who has no portfolio, an administrator for one. */
const APART: ReadonlySet<string> = new Set(["Portfolio", "Operations"]);

export function Navigation() {
  const { api } = useServices();
  const { portfolioId } = useParams({ strict: false });
  const { data } = useQuery(portfolios(api));
  const { data: user } = useQuery(me(api));
  const rights = user?.rights ?? [];
  const groups = usePatternGroups();
  const current = portfolioId ?? data?.[0]?.id;
  return (
    <>
      {groups
        .filter(({ group }) => current || APART.has(group))
        .map(({ group, patterns }) => (
          <section key={group} aria-labelledby={`pages-${group}`} className={classes.section}>
            <h2 className={classes.group} id={`pages-${group}`}>
              {group}
            </h2>
            <ul className={classes.pages}>
              {group === "Portfolio" && <OwnPages portfolioId={current} />}
              {group === "Operations" && user?.rights.includes(ALERTS_RIGHT) && (
                <li>
                  <Link to="/alerts" className={classes.page}>
                    <Icon name="bell" /> Alerts
                  </Link>
                </li>
              )}
              {current &&
                patterns.map((pattern) => (
                  <li key={pattern.id}>
                    <Link
                      to="/portfolios/$portfolioId/patterns/$patternId"
                      params={{ portfolioId: current, patternId: pattern.id }}
                      search={keepPack}
                      className={classes.page}
                      activeOptions={{ includeSearch: false }}
                    >
                      <Icon name="chart" /> {pattern.name}
                    </Link>
                  </li>
                ))}
              {group === "Portfolio" && <UpkeepPages portfolioId={current} rights={rights} />}
              {group === "Intelligence" && <ProposalPages portfolioId={current} rights={rights} />}
              {group === "Operations" && <OperationPages rights={rights} />}
            </ul>
          </section>
        ))}
    </>
  );
}

/** From page to page the figures stay those of one pack. */
export function keepPack(before: { pack?: unknown }): { pack?: string } {
  return typeof before.pack === "string" ? { pack: before.pack } : {};
}

function OwnPages({ portfolioId }: { portfolioId: string | undefined }) {
  if (!portfolioId)
    return (
      <li>
        <Link to="/" className={classes.page}>
          <Icon name="dashboard" /> Dashboard
        </Link>
      </li>
    );
  return (
    <>
      <li>
        <Link
          to="/portfolios/$portfolioId/overview"
          params={{ portfolioId }}
          search={keepPack}
          className={classes.page}
          activeOptions={{ includeSearch: false }}
        >
          <Icon name="dashboard" /> Dashboard
        </Link>
      </li>
      <li>
        <Link
          to="/portfolios/$portfolioId/transactions"
          params={{ portfolioId }}
          className={classes.page}
          activeOptions={{ includeSearch: false }}
        >
          <Icon name="ledger" /> Transactions
        </Link>
      </li>
    </>
  );
}
