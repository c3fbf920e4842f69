/** Leads to a portfolio: the last one looked at, else the first; says so when there is none. */

import { useQuery } from "@tanstack/react-query";
import { Navigate } from "@tanstack/react-router";
import { asProblem, type Problem } from "../../api/problem";
import { portfolios } from "../../api/queries";
import { usePageTitle } from "../../lib/page-title";
import { useServices } from "../../services";
import { Empty, Failure, Loading } from "../../ui/Notice";
import classes from "./HomePage.module.css";
import { lastPortfolio } from "./last-portfolio";

export function HomePage() {
  usePageTitle("Portfolios");
  const { api } = useServices();
  const { data, error, refetch } = useQuery(portfolios(api));
  if (error && !asProblem(error).isOutage)
    return <HomeFailure problem={asProblem(error)} onRetry={() => void refetch()} />;
  if (!data) return <Loading label="Loading the portfolios" height={240} />;
  const chosen = data.find((portfolio) => portfolio.id === lastPortfolio()) ?? data[0];
  if (!chosen) return <NoPortfolio />;
  return <Navigate to="/portfolios/$portfolioId/overview" params={{ portfolioId: chosen.id }} replace />;
}

function HomeFailure({ problem, onRetry }: { problem: Problem; onRetry: () => void }) {
  return (
    <div className={classes.page}>
      <h1>Portfolios</h1>
      <Failure problem={problem} onRetry={onRetry} />
    </div>
  );
}

function NoPortfolio() {
  return (
    <div className={classes.page}>
      <h1>Portfolios</h1>
      <Empty message="There is no portfolio yet that you may see.">
        <ul className={classes.ways}>
          <li>
            Make a portfolio: <code>dawsos portfolio create NAME --currency CAD --user E-MAIL</code>
          </li>
          <li>
            Import your transactions: <code>dawsos import FILE.csv --portfolio NAME</code>
          </li>
          <li>
            Look at a sample: <code>dawsos demo</code>
          </li>
        </ul>
      </Empty>
    </div>
  );
}
