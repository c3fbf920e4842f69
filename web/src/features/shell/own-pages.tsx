/** Pages of the app's own that stand among the patterns: what a person does, and what an administrator looks after. */

import { Link } from "@tanstack/react-router";
import { Icon } from "../../ui/icons";
import classes from "./Shell.module.css";

type OfPortfolio = { portfolioId: string | undefined; rights: readonly string[] };

/** Where the administration is open to somebody. */
export const ADMIN = "admin";
const WRITE = "portfolio_write";

export function UpkeepPages({ portfolioId, rights }: OfPortfolio) {
  if (!portfolioId || !rights.includes("portfolio_read")) return null;
  return (
    <li>
      <Link to="/portfolios/$portfolioId/upkeep" params={{ portfolioId }} className={classes.page}>
        <Icon name="download" /> Imports and statements
      </Link>
    </li>
  );
}

export function ProposalPages({ portfolioId, rights }: OfPortfolio) {
  if (!portfolioId || !rights.includes(WRITE)) return null;
  return (
    <li>
      <Link to="/portfolios/$portfolioId/proposals" params={{ portfolioId }} className={classes.page}>
        <Icon name="check" /> Proposals
      </Link>
    </li>
  );
}

export function OperationPages({ rights }: { rights: readonly string[] }) {
  return (
    <>
      <li>
        <Link to="/settings" className={classes.page}>
          <Icon name="user" /> Settings
        </Link>
      </li>
      {rights.includes(ADMIN) && (
        <li>
          <Link to="/administration" className={classes.page}>
            <Icon name="columns" /> Administration
          </Link>
        </li>
      )}
    </>
  );
}
