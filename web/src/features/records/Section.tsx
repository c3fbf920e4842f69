/** A part of a page that shows one answer of the server: loading, failed, or there. */

import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import { asProblem } from "../../api/problem";
import { Failure, Loading } from "../../ui/Notice";
import classes from "./Records.module.css";

type Props<Data> = {
  title: string;
  about?: string;
  query: UseQueryResult<Data>;
  children: (data: Data) => ReactNode;
  heading?: ReactNode;
};

export function Section<Data>({ title, about, query, children, heading }: Props<Data>) {
  const id = useId();
  const problem = query.error && asProblem(query.error);
  return (
    <section className={classes.card} aria-labelledby={id}>
      <div className={classes.heading}>
        <h2 id={id}>{title}</h2>
        {heading}
      </div>
      {about && <p className={classes.note}>{about}</p>}
      {problem && !problem.isOutage && <Failure problem={problem} onRetry={() => void query.refetch()} />}
      {query.data !== undefined ? (
        children(query.data)
      ) : problem ? null : (
        <Loading label={`Loading: ${title}`} height={120} />
      )}
    </section>
  );
}
