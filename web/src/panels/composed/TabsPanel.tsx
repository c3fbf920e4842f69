/** Parts behind tabs, of which one is shown at a time. */

import { Tabs } from "@mantine/core";
import type { components } from "../../api/schema";
import classes from "./Composed.module.css";
import { PartView } from "./Parts";

/** What ties a tab to its part. It becomes part of an identifier, in which a label with a space would break. */
const tabKey = (place: number) => `tab-${place}`;

export function TabsPanel({ title, data }: { title: string; data: components["schemas"]["TabsData"] }) {
  return (
    <Tabs defaultValue={tabKey(0)} keepMounted={false}>
      <Tabs.List aria-label={title}>
        {data.tabs.map((tab, place) => (
          <Tabs.Tab key={tab.label} value={tabKey(place)}>
            {tab.label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {data.tabs.map((tab, place) => (
        <Tabs.Panel key={tab.label} value={tabKey(place)} className={classes.tab}>
          {tab.parts.map((part, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a tab never change their order
            <PartView key={index} part={part} within={`${title}: ${tab.label}`} />
          ))}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
