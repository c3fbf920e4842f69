/** The pages there are, by group. A page is listed when it works. */

import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { portfolios } from "../../api/queries";
import { useServices } from "../../services";
import { Icon } from "../../ui/icons";
import classes from "./Shell.module.css";

export function Navigation() {
  const { api } = useServices();
  const { portfolioId } = useParams({ strict: false });
  const { data } = useQuery(portfolios(api));
  const current = portfolioId ?? data?.[0]?.id;
  return (
    <section aria-labelledby="pages-portfolio">
      <h2 className={classes.group} id="pages-portfolio">
        Portfolio
      </h2>
      <ul className={classes.pages}>
        <li>
          {current ? (
            <Link
              to="/portfolios/$portfolioId/overview"
              params={{ portfolioId: current }}
              className={classes.page}
              activeOptions={{ includeSearch: false }}
            >
              <Icon name="dashboard" /> Dashboard
            </Link>
          ) : (
            <Link to="/" className={classes.page}>
              <Icon name="dashboard" /> Dashboard
            </Link>
          )}
        </li>
      </ul>
    </section>
  );
}
