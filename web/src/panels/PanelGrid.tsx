/** The panels of an answer in the order the pattern gives them, each in the space its kind needs. */

import type { PatternResult } from "../api/types";
import { Loading } from "../ui/Notice";
import { layout } from "./layout";
import classes from "./Panel.module.css";
import { PanelFrame } from "./PanelFrame";
import type { Supplements } from "./supplement";

type Props = {
  result: Pick<PatternResult, "panels" | "trace">;
  fileStem: string;
  onRetry: () => void;
  supplements?: Supplements | undefined;
};

export function PanelGrid({ result, fileStem, onRetry, supplements }: Props) {
  return (
    <div className={classes.grid}>
      {layout(result.panels, supplements).map(({ panel, span }) => (
        <PanelFrame
          key={panel.id}
          panel={panel}
          trace={result.trace}
          span={span}
          fileStem={fileStem}
          supplement={supplements?.[panel.id]}
          onRetry={onRetry}
        />
      ))}
    </div>
  );
}

export function PanelGridSkeleton() {
  return (
    <div className={classes.grid}>
      <div className={classes.span12}>
        <Loading label="Loading the figures" height={84} />
      </div>
      <div className={classes.span8} aria-hidden="true">
        <Loading label="" height={340} />
      </div>
      <div className={classes.span4} aria-hidden="true">
        <Loading label="" height={340} />
      </div>
      <div className={classes.span12} aria-hidden="true">
        <Loading label="" height={420} />
      </div>
    </div>
  );
}
