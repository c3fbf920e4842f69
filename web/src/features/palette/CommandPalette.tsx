/** Finds a page, a portfolio, a pack or a command by its words: Ctrl or ⌘ with K. */

import { Modal } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { Icon } from "../../ui/icons";
import classes from "./CommandPalette.module.css";
import { type Command, useCommands } from "./use-commands";

const SHOWN = 40;
const TITLE = "Find a page or command";

/** Every word sought occurs in the command's words. */
export function matching(commands: readonly Command[], sought: string): Command[] {
  const words = sought.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return commands.filter((command) => {
    const text = `${command.group} ${command.label} ${command.words ?? ""}`.toLocaleLowerCase();
    return words.every((word) => text.includes(word));
  });
}

type Props = { opened: boolean; onClose: () => void; onShowShortcuts: () => void };

export function CommandPalette({ opened, onClose, onShowShortcuts }: Props) {
  return (
    <Modal.Root opened={opened} onClose={onClose} size={560} yOffset="12vh" lockScroll={false}>
      <Modal.Overlay />
      <Modal.Content aria-label={TITLE}>
        <Modal.Body p={0}>{opened && <Finder onClose={onClose} onShowShortcuts={onShowShortcuts} />}</Modal.Body>
      </Modal.Content>
    </Modal.Root>
  );
}

function Finder({ onClose, onShowShortcuts }: Omit<Props, "opened">) {
  const id = useId();
  const [sought, setSought] = useState("");
  const [settled] = useDebouncedValue(sought, 200);
  const commands = useCommands(settled, onShowShortcuts);
  const found = useMemo(() => matching(commands, sought).slice(0, SHOWN), [commands, sought]);
  const [active, setActive] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  const place = Math.min(active, found.length - 1);

  useEffect(() => {
    list.current?.querySelector(`[id="${id}-${place}"]`)?.scrollIntoView?.({ block: "nearest" });
  }, [id, place]);

  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move && found.length > 0) setActive((place + move + found.length) % found.length);
    if (event.key === "Enter") run(found[place]);
    if (move || event.key === "Enter") event.preventDefault();
  };

  return (
    <div className={classes.finder}>
      <div className={classes.field}>
        <Icon name="search" />
        <input
          className={classes.input}
          data-autofocus
          role="combobox"
          aria-label={TITLE}
          aria-expanded="true"
          aria-autocomplete="list"
          aria-controls={`${id}-list`}
          aria-activedescendant={found.length > 0 ? `${id}-${place}` : undefined}
          placeholder="Find a page, portfolio, pack or command"
          value={sought}
          onChange={(event) => {
            setSought(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className={classes.list} role="listbox" id={`${id}-list`} aria-label="Commands" ref={list} tabIndex={-1}>
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus and names the active option
          // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the field runs the active option
          <div
            key={command.id}
            id={`${id}-${index}`}
            role="option"
            aria-selected={index === place}
            className={classes.option}
            onClick={() => run(command)}
            onMouseMove={() => setActive(index)}
          >
            <span>{command.label}</span>
            <span className={classes.group}>{command.group}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <p className={classes.nothing} role="status">
          Nothing is called that.
        </p>
      )}
    </div>
  );
}
