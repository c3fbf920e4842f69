/** Something wide that scrolls sideways by itself, also by the keyboard. */

import type { ReactNode } from "react";
import classes from "./Scroller.module.css";

export function Scroller({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
    <section className={classes.scroller} aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}
