/** A short labelled fact with a tone; the tone is also said by a mark, never by colour alone. */

import type { ReactNode } from "react";
import classes from "./Chip.module.css";

export type Tone = "neutral" | "good" | "warning" | "danger" | "provenance";

const MARKS: Record<Tone, string> = { neutral: "", good: "●", warning: "▲", danger: "■", provenance: "◆" };

export function Chip({
  tone = "neutral",
  children,
  title,
}: {
  tone?: Tone;
  children: ReactNode;
  title?: string | undefined;
}) {
  return (
    <span className={`${classes.chip} ${classes[tone]}`} title={title}>
      {MARKS[tone] && (
        <span aria-hidden="true" className={classes.mark}>
          {MARKS[tone]}
        </span>
      )}
      {children}
    </span>
  );
}
