/** The keyboard shortcuts of this page, read from those that are registered. */

import { Kbd, Modal, Switch } from "@mantine/core";
import { Fragment } from "react";
import { keyCaps, type Shortcut, useRegisteredShortcuts, useShortcuts } from "../../lib/shortcuts";
import classes from "./ShortcutOverlay.module.css";

/** A shortcut registered by several parts of the page (one per table, say) is listed once. */
function byGroup(shortcuts: readonly Shortcut[]): Map<string, Shortcut[]> {
  const groups = new Map<string, Map<string, Shortcut>>();
  for (const shortcut of shortcuts) {
    const group = groups.get(shortcut.group) ?? new Map<string, Shortcut>();
    groups.set(shortcut.group, group.set(shortcut.keys, shortcut));
  }
  return new Map([...groups].map(([name, entries]) => [name, [...entries.values()]]));
}

export function ShortcutOverlay({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const registry = useShortcuts();
  const { shortcuts, singleKeys } = useRegisteredShortcuts();
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keyboard shortcuts"
      size="md"
      lockScroll={false}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {[...byGroup(shortcuts)].map(([group, entries]) => (
        <section key={group} className={classes.group}>
          <h3>{group}</h3>
          <dl className={classes.list}>
            {entries.map((entry) => (
              <div key={entry.keys} className={classes.line}>
                <dt>{entry.label}</dt>
                <dd>
                  {keyCaps(entry.keys).map((cap) => (
                    <Fragment key={cap}>
                      <Kbd size="xs">{cap}</Kbd>{" "}
                    </Fragment>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <Switch
        size="sm"
        label="Shortcuts of a single key"
        description="Switch them off if speech input or another tool types into the page."
        checked={singleKeys}
        onChange={(event) => registry.setSingleKeys(event.currentTarget.checked)}
      />
    </Modal>
  );
}
