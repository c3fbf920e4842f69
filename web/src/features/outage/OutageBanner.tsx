/** Says that the server is unavailable, counts down, and asks again by itself until it answers. */

import { Button } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useSyncExternalStore } from "react";
import { useServices } from "../../services";
import { Icon } from "../../ui/icons";
import classes from "./OutageBanner.module.css";

const TICK_MILLISECONDS = 250;

const TITLES: Record<string, string> = {
  unreachable: "The server cannot be reached.",
  pricing_pack_warming: "Prices are being prepared.",
};

export function OutageBanner() {
  const { outages } = useServices();
  const queries = useQueryClient();
  const outage = useSyncExternalStore(outages.subscribe, outages.current);
  const [, tick] = useReducer((count: number) => count + 1, 0);

  const askAgain = useCallback(
    () => queries.refetchQueries({ predicate: (query) => query.state.error !== null }),
    [queries],
  );

  useEffect(() => {
    if (!outage) return;
    let asking = false;
    const timer = setInterval(() => {
      tick();
      if (asking || outages.secondsLeft() > 0) return;
      asking = true;
      void askAgain().finally(() => {
        asking = false;
      });
    }, TICK_MILLISECONDS);
    return () => clearInterval(timer);
  }, [outage, outages, askAgain]);

  if (!outage) return null;
  const { problem } = outage;
  const seconds = outages.secondsLeft();
  return (
    <div className={classes.banner} role="alert">
      <Icon name="warning" />
      <p className={classes.words}>
        <strong>{TITLES[problem.code] ?? problem.detail}</strong>{" "}
        {problem.remedy ?? "What is shown is the last answer received."}
      </p>
      <span className={`numeric ${classes.countdown}`} aria-hidden="true">
        {seconds > 0 ? `next try in ${seconds} s` : "trying…"}
      </span>
      <Button size="compact-sm" variant="default" onClick={() => void askAgain()}>
        Try now
      </Button>
    </div>
  );
}
