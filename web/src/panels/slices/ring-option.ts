/** Parts of one whole as an ECharts ring, with patterns beside the colours. */

import type { ChartOption } from "../../ui/chart/Chart";
import { tooltipElement, tooltipFrame } from "../../ui/chart/tooltip";
import { type Cell, shown } from "../model";
import { size } from "./slice-geometry";

export function ringOption(slices: readonly Cell[]): ChartOption {
  return (theme) => ({
    tooltip: {
      trigger: "item",
      ...tooltipFrame(theme),
      formatter: ({ dataIndex, color }: { dataIndex: number; color: string }) => {
        const slice = slices[dataIndex];
        if (!slice) return "";
        const value = shown(slice.value, slice, { currency: slice.currency, withCurrency: true });
        return tooltipElement("", [
          { label: slice.label, value, colour: typeof color === "string" ? color : undefined },
        ]);
      },
    },
    series: [
      {
        type: "pie",
        radius: ["58%", "92%"],
        itemStyle: { borderColor: theme.colour("card"), borderWidth: 2 },
        label: { show: false },
        emphasis: { scaleSize: 4 },
        data: slices.map((slice) => ({ name: slice.label, value: size(slice) })),
      },
    ],
  });
}
