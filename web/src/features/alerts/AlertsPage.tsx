/** What the reader wants to be told of: each alert with what it watches, and the ways to pause or delete it. */

import { queryOptions, useQuery } from "@tanstack/react-query";
import type { Api } from "../../api/client";
import { asProblem } from "../../api/problem";
import { present } from "../../api/queries";
import type { components } from "../../api/schema";
import { formatDate } from "../../lib/format";
import { usePageTitle } from "../../lib/page-title";
import { type Action, Actions } from "../../panels/actions/Actions";
import { useServices } from "../../services";
import { Chip, type Tone } from "../../ui/Chip";
import { Empty, Failure, Loading } from "../../ui/Notice";
import classes from "./AlertsPage.module.css";

type Alert = components["schemas"]["Alert"];

const TONES: Record<Alert["severity"], Tone> = { info: "neutral", warning: "warning", critical: "danger" };
const RIGHTS = ["alerts_manage"];

export const alerts = (api: Api) =>
  queryOptions({
    queryKey: ["alerts"],
    queryFn: async ({ signal }) => present((await api.GET("/v1/alerts", { signal })).data).data,
  });

export function AlertsPage() {
  const { api } = useServices();
  const { data, error, refetch } = useQuery(alerts(api));
  usePageTitle("Alerts");
  return (
    <div className={classes.page}>
      <h1>Alerts</h1>
      <p className={classes.description}>
        What you want to be told of. Alerts are suggested where something shifts, for example under Macro trends.
      </p>
      {error && !asProblem(error).isOutage && <Failure problem={asProblem(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Loading label="Loading the alerts" />}
      {data?.length === 0 && <Empty message="You have no alerts." />}
      {data && data.length > 0 && (
        <ul className={classes.alerts} aria-label="Alerts">
          {data.map((alert) => (
            <AlertCard key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
    </div>
  );
}

function AlertCard({ alert }: { alert: Alert }) {
  return (
    <li className={classes.alert}>
      <div className={classes.heading}>
        <h2>{alert.name}</h2>
        <Chip tone={TONES[alert.severity]}>{alert.severity}</Chip>
        {!alert.is_active && <Chip>paused</Chip>}
      </div>
      {alert.watches !== alert.name && <p className={classes.watches}>{alert.watches}</p>}
      <dl className={classes.facts}>
        <div>
          <dt>Watches</dt>
          <dd>{alert.portfolio_name ?? "the economy or a security"}</dd>
        </div>
        <div>
          <dt>Created</dt>
          <dd>{formatDate(alert.created_at.slice(0, 10))}</dd>
        </div>
        <div>
          <dt>Last fired</dt>
          <dd>{alert.last_fired_at ? formatDate(alert.last_fired_at.slice(0, 10)) : "never"}</dd>
        </div>
      </dl>
      <Actions actions={[pausing(alert), deletion(alert)]} about={alert.name} />
    </li>
  );
}

function pausing(alert: Alert): Action {
  const words = alert.is_active
    ? { kind: "pause", label: "Pause", confirmation: "It watches nothing until you resume it.", done: "Paused." }
    : { kind: "resume", label: "Resume", confirmation: "It watches again from the next night on.", done: "Resumed." };
  return {
    ...words,
    method: "PATCH",
    route: `/v1/alerts/${alert.id}`,
    payload: { is_active: !alert.is_active },
    rights: RIGHTS,
  };
}

function deletion(alert: Alert): Action {
  return {
    kind: "delete",
    label: "Delete",
    confirmation: "The alert and what was still to be told of it are deleted.",
    done: "Deleted.",
    method: "DELETE",
    route: `/v1/alerts/${alert.id}`,
    payload: null,
    rights: RIGHTS,
  };
}
