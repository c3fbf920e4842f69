/** One figure: formatted by its unit, coloured where its sign or place carries meaning, and with a reason where it is missing. */

import { Tooltip } from "@mantine/core";
import { type ReactNode, useId } from "react";
import { isNumericUnit, MISSING } from "../lib/format";
import { type Look, shown, standing, unitOf } from "../panels/model";
import classes from "./Value.module.css";

export type ValueProps = {
  value: unknown;
  look: Look;
  currency?: string | null | undefined;
  withCurrency?: boolean | undefined;
  reason?: string | null | undefined;
};

export function Value({ value, look, currency, withCurrency, reason }: ValueProps): ReactNode {
  const text = shown(value, look, { currency, withCurrency: withCurrency ?? false });
  if (text === MISSING) return <Missing reason={reason} />;
  const numeric = isNumericUnit(unitOf(look)) ? "numeric" : "";
  // A figure that reads as zero is neither a gain nor a loss to the reader, whatever stands behind its last digit.
  const tone = readsAsZero(text) ? "" : standing(value, look);
  return <span className={`${numeric} ${tone}`.trim()}>{text}</span>;
}

function readsAsZero(text: string): boolean {
  return /\d/.test(text) && !/[1-9]/.test(text);
}

/** A dash that says why: on hover, on focus and to a screen reader. */
export function Missing({ reason }: { reason?: string | null | undefined }): ReactNode {
  const id = useId();
  if (!reason)
    return (
      <span className="muted">
        <span aria-hidden="true">{MISSING}</span>
        <span className="sr-only">not available</span>
      </span>
    );
  return (
    <Tooltip label={reason} multiline maw={320} withinPortal events={{ hover: true, focus: true, touch: true }}>
      <button type="button" className={classes.missing} aria-describedby={id}>
        <span aria-hidden="true">{MISSING}</span>
        <span className="sr-only" id={id}>
          not available: {reason}
        </span>
      </button>
    </Tooltip>
  );
}
