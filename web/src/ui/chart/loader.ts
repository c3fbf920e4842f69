/** Where charts get their engine: a chunk that loads with the first chart, or a stand-in that a test passes. */

import { createContext, useContext } from "react";

export type DrawnChart = {
  setOption: (option: Record<string, unknown>, settings?: { notMerge?: boolean }) => void;
  resize: () => void;
  dispose: () => void;
};

export type ChartEngine = { init: (element: HTMLElement) => DrawnChart };
export type ChartLoader = () => Promise<ChartEngine>;

export const loadEcharts: ChartLoader = async () => (await import("./engine")).echarts as unknown as ChartEngine;

const Context = createContext<ChartLoader>(loadEcharts);
export const ChartLoaderProvider = Context.Provider;

export function useChartLoader(): ChartLoader {
  return useContext(Context);
}
