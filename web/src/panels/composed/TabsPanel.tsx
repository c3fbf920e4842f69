/** Parts behind tabs, of which one is shown at a time. */

import { Tabs } from "@mantine/core";
import type { components } from "../../api/schema";
import classes from "./Composed.module.css";
import { PartView } from "./Parts";

export function TabsPanel({ title, data }: { title: string; data: components["schemas"]["TabsData"] }) {
  return (
    <Tabs defaultValue={data.tabs[0]?.label ?? null} keepMounted={false}>
      <Tabs.List aria-label={title}>
        {data.tabs.map((tab) => (
          <Tabs.Tab key={tab.label} value={tab.label}>
            {tab.label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {data.tabs.map((tab) => (
        <Tabs.Panel key={tab.label} value={tab.label} className={classes.tab}>
          {tab.parts.map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a tab never change their order
            <PartView key={index} part={part} within={`${title}: ${tab.label}`} />
          ))}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
