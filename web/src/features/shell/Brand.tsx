/** The name of the product with its mark. */

import classes from "./Shell.module.css";

export function Brand() {
  return (
    <span className={classes.brand}>
      <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true" focusable="false">
        <path
          d="M5 23 12 13l5.5 5.5L27 8"
          fill="none"
          stroke="var(--accent)"
          strokeWidth="3"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
        <path d="M5 28.5h22" stroke="var(--border-strong)" strokeWidth="2" strokeLinecap="round" />
      </svg>
      DawsOS
    </span>
  );
}
