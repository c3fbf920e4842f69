/** A chart: drawn by ECharts in the theme's colours, described in words for those who do not see it. */

import { useReducedMotion } from "@mantine/hooks";
import type { EChartsCoreOption } from "echarts/core";
import { useEffect, useRef, useState } from "react";
import classes from "./Chart.module.css";
import { type DrawnChart, useChartLoader } from "./loader";

export type ChartTheme = { colour: (name: string) => string; series: string[]; animate: boolean; narrow: boolean };
export type ChartOption = (theme: ChartTheme) => EChartsCoreOption;

const SERIES = 8;
const NARROW_PIXELS = 420;

function currentTheme(element: HTMLElement, animate: boolean): ChartTheme {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const series = Array.from({ length: SERIES }, (_, index) => colour(`series-${index + 1}`));
  return { colour, series, animate, narrow: element.clientWidth < NARROW_PIXELS };
}

/** What every chart shares: the font, the description for screen readers, patterns beside colours. */
function complete(option: EChartsCoreOption, theme: ChartTheme, summary: string): EChartsCoreOption {
  return {
    animation: theme.animate,
    animationDuration: 250,
    color: theme.series,
    textStyle: { fontFamily: "Inter Variable, system-ui, sans-serif", color: theme.colour("text") },
    ...option,
    aria: { enabled: true, label: { description: summary }, ...(option.aria as object | undefined) },
  };
}

export function Chart({
  option,
  summary,
  height,
  fill,
}: {
  option: ChartOption;
  summary: string;
  height: number;
  fill?: boolean;
}) {
  const host = useRef<HTMLDivElement>(null);
  const load = useChartLoader();
  const reduced = useReducedMotion();
  const [failed, setFailed] = useState(false);

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let chart: DrawnChart | undefined;
    let gone = false;
    const draw = () => {
      const theme = currentTheme(element, !reduced);
      chart?.setOption(complete(option(theme), theme, summary), { notMerge: true });
    };
    const drawAtOnce = () => {
      chart?.setOption({ animation: false });
      draw();
    };
    const themeChange = new MutationObserver(drawAtOnce);
    const sizeChange = new ResizeObserver(() => chart?.resize());
    load()
      .then((engine) => {
        if (gone) return;
        chart = engine.init(element);
        draw();
        themeChange.observe(document.documentElement, { attributeFilter: ["data-mantine-color-scheme"] });
        sizeChange.observe(element);
      })
      .catch(() => setFailed(true));
    return () => {
      gone = true;
      themeChange.disconnect();
      sizeChange.disconnect();
      chart?.dispose();
    };
  }, [load, option, summary, reduced]);

  if (failed) return <p className="muted">The chart could not be loaded. The table holds the same figures.</p>;
  return (
    <div
      ref={host}
      className={`${classes.chart} ${fill ? classes.fill : ""}`}
      style={fill ? { minHeight: height } : { height }}
      role="img"
      aria-label={summary}
    />
  );
}
