/** A mark beside a figure that carries a caveat, said on hover, on focus and to a screen reader. */

import { Tooltip } from "@mantine/core";
import { useId } from "react";
import classes from "./Value.module.css";

export function Note({ text }: { text: string }) {
  const id = useId();
  return (
    <Tooltip label={text} multiline maw={320} events={{ hover: true, focus: true, touch: true }}>
      <button type="button" className={classes.note} aria-describedby={id}>
        <span aria-hidden="true">▲</span>
        <span className="sr-only" id={id}>
          {text}
        </span>
      </button>
    </Tooltip>
  );
}
