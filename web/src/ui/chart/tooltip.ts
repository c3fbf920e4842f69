/** Chart tooltips as elements, so that no mark-up is put together from data and no inline style attribute is needed. */

import type { ChartTheme } from "./Chart";
import classes from "./Chart.module.css";

export type TooltipLine = { label: string; value: string; colour?: string | undefined };

function element(tag: string, className: string | undefined, text = ""): HTMLElement {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function line({ label, value, colour }: TooltipLine): HTMLElement {
  const row = element("div", classes.tooltipRow);
  const name = element("span", undefined);
  if (colour) {
    const swatch = element("span", classes.swatch);
    swatch.style.background = colour;
    name.append(swatch);
  }
  name.append(label);
  row.append(name, element("span", "numeric", value));
  return row;
}

export function tooltipElement(title: string, lines: readonly TooltipLine[]): HTMLElement {
  const box = element("div", classes.tooltip);
  box.append(element("div", classes.tooltipTitle, title), ...lines.map(line));
  return box;
}

/** The frame around every tooltip, in the theme's colours. */
export function tooltipFrame(theme: ChartTheme) {
  return {
    confine: true,
    backgroundColor: theme.colour("card"),
    borderColor: theme.colour("border-strong"),
    textStyle: { color: theme.colour("text"), fontSize: 12 },
    padding: [6, 10],
    transitionDuration: theme.animate ? 0.15 : 0,
  };
}

/** Axes shared by the charts with a grid. */
export function axisStyle(theme: ChartTheme) {
  return {
    axisLine: { lineStyle: { color: theme.colour("border-strong") } },
    axisTick: { show: false },
    axisLabel: { color: theme.colour("text-muted"), fontSize: 11, hideOverlap: true },
    splitLine: { lineStyle: { color: theme.colour("border") } },
  };
}
