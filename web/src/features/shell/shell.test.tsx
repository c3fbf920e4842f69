import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { PINNED_OVERVIEW, renderApp } from "../../testing/render";

const ready = () => screen.findByRole("heading", { name: "Holdings" });

describe("the keyboard", () => {
  it("lists the shortcuts that are registered", async () => {
    const { user } = renderApp(PINNED_OVERVIEW);
    await ready();
    await user.keyboard("?");
    const overlay = await screen.findByRole("dialog", { name: "Keyboard shortcuts" });
    for (const label of [
      "Find a page or command",
      "Older pricing pack",
      "Show charts as tables and back",
      "Filter holdings",
    ]) {
      expect(within(overlay).getByText(label)).toBeInTheDocument();
    }
  });

  it("lets single keys be switched off", async () => {
    const { user } = renderApp(PINNED_OVERVIEW);
    await ready();
    await user.keyboard("?");
    await user.click(await screen.findByRole("switch", { name: /^Shortcuts of a single key/ }));
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await user.keyboard("?");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("finds a command by its words and runs it with Enter", async () => {
    const { user, address } = renderApp(PINNED_OVERVIEW);
    await ready();
    await user.keyboard("{Control>}k{/Control}");
    const field = await screen.findByRole("combobox", { name: "Find a page or command" });
    await user.type(field, "pack 2025-09-30");
    const options = screen.getAllByRole("option");
    expect(options).toHaveLength(1);
    expect(options[0]).toHaveAttribute("aria-selected", "true");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(address()).toContain("pack=PP_2025-09-30"));
  });

  it("does not take keys that are typed into a field", async () => {
    const { user } = renderApp(PINNED_OVERVIEW);
    await ready();
    await user.type(screen.getByRole("searchbox", { name: "Filter holdings" }), "t?");
    expect(screen.getByRole("searchbox", { name: "Filter holdings" })).toHaveValue("t?");
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("offers a way past the navigation first", async () => {
    const { user } = renderApp(PINNED_OVERVIEW);
    await ready();
    await user.tab();
    expect(screen.getByRole("link", { name: "Skip to the content" })).toHaveFocus();
  });
});

describe("the theme", () => {
  it("follows the system until the reader chooses, and remembers the choice", async () => {
    const { user } = renderApp(PINNED_OVERVIEW);
    await ready();
    expect(document.documentElement).toHaveAttribute("data-mantine-color-scheme", "light");
    await user.click(screen.getByRole("button", { name: "Use the dark theme" }));
    expect(document.documentElement).toHaveAttribute("data-mantine-color-scheme", "dark");
    expect(localStorage.getItem("dawsos.theme")).toBe("dark");
    expect(screen.getByRole("button", { name: "Use the light theme" })).toBeVisible();
  });
});

describe("two keys in a row", () => {
  it("act together when the second follows soon", async () => {
    const { address } = renderApp(`${PINNED_OVERVIEW.replace("10-31", "10-01")}`);
    await ready();
    fireEvent.keyDown(document.body, { key: "g" });
    fireEvent.keyDown(document.body, { key: "l" });
    await waitFor(() => expect(address()).toContain("pack=PP_2025-10-31"));
  });
});
