/** Keyboard shortcuts: registered where they act, listed by `?`, and able to be switched off (WCAG 2.1.4). */

import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useSyncExternalStore } from "react";
import { remember, remembered } from "./storage";

export type Shortcut = {
  /** A key ("t"), a chord with the platform's command key ("mod+k") or two keys in a row ("g d"). */
  keys: string;
  label: string;
  group: string;
  run: (event: KeyboardEvent) => void;
  /** Several parts of the page answer to these keys together; otherwise the newest one does. */
  together?: boolean;
};

const SEQUENCE_MILLISECONDS = 1000;
const STORAGE_KEY = "dawsos.single-key-shortcuts";
const EDITABLE = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true]";

export class ShortcutRegistry {
  private entries: readonly Shortcut[] = [];
  private readonly listeners = new Set<() => void>();
  private pending: { key: string; at: number } | null = null;
  private singleKeys = remembered(STORAGE_KEY, (value) => (typeof value === "boolean" ? value : undefined)) ?? true;

  readonly list = (): readonly Shortcut[] => this.entries;
  readonly singleKeysOn = (): boolean => this.singleKeys;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  register(shortcut: Shortcut): () => void {
    this.entries = [...this.entries, shortcut];
    this.changed();
    return () => {
      this.entries = this.entries.filter((entry) => entry !== shortcut);
      this.changed();
    };
  }

  setSingleKeys(on: boolean): void {
    this.singleKeys = on;
    remember(STORAGE_KEY, on);
    this.changed();
  }

  /** Runs the newest shortcut that fits; keys typed into a field, a dialog or a menu belong to it. */
  readonly handle = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const chord = event.metaKey || event.ctrlKey;
    if (!chord && (!this.singleKeys || belongsElsewhere(event.target))) return;
    const pressed = chord ? `mod+${event.key.toLowerCase()}` : event.key;
    const match = this.match(pressed, event.timeStamp);
    if (!match) return;
    event.preventDefault();
    const answering = match.together ? this.entries.filter((entry) => entry.keys === match.keys) : [match];
    for (const entry of answering) entry.run(event);
  };

  private match(pressed: string, at: number): Shortcut | undefined {
    const sequence =
      this.pending && at - this.pending.at < SEQUENCE_MILLISECONDS ? `${this.pending.key} ${pressed}` : null;
    this.pending = null;
    const find = (keys: string) => this.entries.findLast((entry) => entry.keys === keys);
    const match = (sequence && find(sequence)) || find(pressed);
    if (!match && this.entries.some((entry) => entry.keys.startsWith(`${pressed} `)))
      this.pending = { key: pressed, at };
    return match;
  }

  private changed(): void {
    for (const listener of this.listeners) listener();
  }
}

function belongsElsewhere(target: EventTarget | null): boolean {
  return (
    target instanceof Element && target.closest(`${EDITABLE}, [role=dialog], [role=menu], [role=listbox]`) !== null
  );
}

const Registry = createContext<ShortcutRegistry | null>(null);

export function useShortcuts(): ShortcutRegistry {
  const registry = useContext(Registry);
  if (!registry) throw new Error("Shortcuts are used outside their provider.");
  return registry;
}

export function ShortcutProvider({ children }: { children: ReactNode }) {
  const registry = useMemo(() => new ShortcutRegistry(), []);
  useEffect(() => {
    document.addEventListener("keydown", registry.handle);
    return () => document.removeEventListener("keydown", registry.handle);
  }, [registry]);
  return <Registry value={registry}>{children}</Registry>;
}

/** Registers a shortcut for as long as the component is on the page; `enabled` false leaves it out. */
export function useShortcut(shortcut: Shortcut, enabled = true): void {
  const registry = useShortcuts();
  const run = useRef(shortcut.run);
  useEffect(() => {
    run.current = shortcut.run;
  });
  const { keys, label, group, together = false } = shortcut;
  useEffect(() => {
    if (!enabled) return;
    return registry.register({ keys, label, group, together, run: (event) => run.current(event) });
  }, [registry, keys, label, group, together, enabled]);
}

export function useRegisteredShortcuts(): { shortcuts: readonly Shortcut[]; singleKeys: boolean } {
  const registry = useShortcuts();
  const shortcuts = useSyncExternalStore(registry.subscribe, registry.list);
  const singleKeys = useSyncExternalStore(registry.subscribe, registry.singleKeysOn);
  return { shortcuts, singleKeys };
}

export const COMMAND_KEY =
  typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";

/** The keys as they stand on the keyboard: ["Ctrl", "K"], ["G", "D"]. */
export function keyCaps(keys: string): string[] {
  return keys.split(/[ +]/).map((key) => (key === "mod" ? COMMAND_KEY : key.length === 1 ? key.toUpperCase() : key));
}
