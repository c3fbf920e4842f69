/** The frame of every page behind the login: heading, navigation, banner, and the page itself. */

import { ActionIcon, Burger, Button, Drawer, Menu, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, Outlet, useNavigate, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { me } from "../../api/queries";
import { COMMAND_KEY, useShortcut } from "../../lib/shortcuts";
import { useServices } from "../../services";
import { Icon } from "../../ui/icons";
import { OutageBanner } from "../outage/OutageBanner";
import { CommandPalette } from "../palette/CommandPalette";
import { ShortcutOverlay } from "../shortcuts/ShortcutOverlay";
import { Brand } from "./Brand";
import { Navigation } from "./Navigation";
import classes from "./Shell.module.css";

export function Shell() {
  const [navigationOpen, navigation] = useDisclosure(false);
  const [paletteOpen, palette] = useDisclosure(false);
  const [shortcutsOpen, shortcuts] = useDisclosure(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the drawer closes when the page changes
  useEffect(() => navigation.close(), [path]);
  useFocusOnPage(path);
  useShortcut({ keys: "mod+k", label: "Find a page or command", group: "Everywhere", run: palette.toggle });
  useShortcut({ keys: "?", label: "Show the keyboard shortcuts", group: "Everywhere", run: shortcuts.open });

  return (
    <div className={classes.shell}>
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <header className={`${classes.header} no-print`}>
        <Burger
          className={classes.burger ?? ""}
          size="sm"
          opened={navigationOpen}
          onClick={navigation.toggle}
          aria-label="Navigation"
          aria-expanded={navigationOpen}
        />
        <Link to="/" className={classes.home} aria-label="DawsOS, home">
          <Brand />
        </Link>
        <Button
          variant="default"
          size="compact-md"
          className={classes.search ?? ""}
          leftSection={<Icon name="search" size={14} />}
          rightSection={<kbd className={classes.keys}>{COMMAND_KEY} K</kbd>}
          onClick={palette.open}
        >
          Find…
        </Button>
        <span className={classes.spacer} />
        <ActionIcon
          variant="subtle"
          className={classes.shortcuts ?? ""}
          aria-label="Keyboard shortcuts"
          onClick={shortcuts.open}
        >
          <Icon name="keyboard" />
        </ActionIcon>
        <ThemeButton />
        <UserMenu />
      </header>
      <OutageBanner />
      <div className={classes.body}>
        <nav className={`${classes.rail} no-print`} aria-label="Pages">
          <div className={classes.sticky}>
            <Navigation />
          </div>
        </nav>
        <main id="content" className={classes.content} tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Drawer
        opened={navigationOpen}
        onClose={navigation.close}
        size={260}
        title={<Brand />}
        lockScroll={false}
        closeButtonProps={{ "aria-label": "Close the navigation" }}
      >
        <nav aria-label="Pages">
          <Navigation />
        </nav>
      </Drawer>
      <CommandPalette opened={paletteOpen} onClose={palette.close} onShowShortcuts={shortcuts.open} />
      <ShortcutOverlay opened={shortcutsOpen} onClose={shortcuts.close} />
    </div>
  );
}

/**
 * After a change of page the focus is at its beginning, so that keyboard and screen reader go on from there. The address "/" only leads
 * on to a page: who arrives through it has chosen none, and begins at the top.
 */
function useFocusOnPage(path: string): void {
  const before = useRef(path);
  useEffect(() => {
    const from = before.current;
    before.current = path;
    if (from === path || from === "/") return;
    document.getElementById("content")?.focus({ preventScroll: true });
  }, [path]);
}

function ThemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const other = scheme === "dark" ? "light" : "dark";
  useShortcut({
    keys: "g t",
    label: "Switch between dark and light",
    group: "Everywhere",
    run: () => setColorScheme(other),
  });
  return (
    <ActionIcon variant="subtle" aria-label={`Use the ${other} theme`} onClick={() => setColorScheme(other)}>
      {scheme === "dark" ? <Icon name="sun" /> : <Icon name="moon" />}
    </ActionIcon>
  );
}

function UserMenu() {
  const { api, queries } = useServices();
  const navigate = useNavigate();
  const { setColorScheme } = useMantineColorScheme();
  const { data: user } = useQuery(me(api));
  const logout = useMutation({
    mutationFn: () => api.POST("/v1/auth/logout"),
    onSuccess: async () => {
      queries.clear();
      await navigate({ to: "/login", search: {} });
    },
  });
  return (
    <Menu position="bottom-end" width={240} withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" aria-label={user ? `Account of ${user.email}` : "Account"}>
          <Icon name="user" />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {user && (
          <Menu.Label>
            {user.email} · {user.role.toLowerCase()}
          </Menu.Label>
        )}
        <Menu.Item onClick={() => setColorScheme("auto")}>Use the system's theme</Menu.Item>
        <Menu.Divider />
        <Menu.Item onClick={() => logout.mutate()}>Log out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
