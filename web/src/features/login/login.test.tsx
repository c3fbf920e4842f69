import { screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { PASSWORD, USER } from "../../testing/fixtures/overview";
import { OVERVIEW, renderApp } from "../../testing/render";
import { safeNext } from "./LoginPage";

async function logIn(user: ReturnType<typeof renderApp>["user"], password: string) {
  await user.type(await screen.findByLabelText("E-mail"), USER.email);
  await user.type(screen.getByLabelText("Password"), password);
  await user.click(screen.getByRole("button", { name: "Log in" }));
}

describe("logging in", () => {
  it("leads a stranger to the login page and back to the page they came for", async () => {
    const { user, address, api } = renderApp(`${OVERVIEW}?pack=PP_2025-10-30&lookback=126`, { loggedIn: false });
    await waitFor(() => expect(address()).toContain("/login?next="));
    await logIn(user, PASSWORD);
    expect(await screen.findByRole("heading", { name: "Dashboard" })).toBeVisible();
    expect(address()).toContain(`${OVERVIEW}?pack=PP_2025-10-30&lookback=126`);
    expect(api.sent("/v1/auth/login")[0]?.headers.get("X-Requested-With")).toBe("dawsos");
  });

  it("says what is wrong with wrong credentials and what to do, and stays", async () => {
    const { user, address } = renderApp("/login", { loggedIn: false });
    await logIn(user, "wrong");
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("The e-mail address or the password is wrong.");
    expect(alert).toHaveTextContent("Check both and try again.");
    expect(address()).toBe("/login");
  });

  it("counts down after too many attempts and lets no further one through", async () => {
    const { user } = renderApp("/login", { loggedIn: false, lockedFor: 30 });
    await logIn(user, PASSWORD);
    expect(await screen.findByRole("alert")).toHaveTextContent("There were too many failed attempts.");
    expect(screen.getByRole("button", { name: /Try again in (30|29) s/ })).toBeDisabled();
  });

  it("logs out and forgets what was read", async () => {
    const { user, address, services } = renderApp(OVERVIEW);
    await user.click(await screen.findByRole("button", { name: `Account of ${USER.email}` }));
    await user.click(await screen.findByRole("menuitem", { name: "Log out" }));
    await waitFor(() => expect(address()).toBe("/login"));
    expect(services.queries.getQueryData(["portfolios"])).toBeUndefined();
  });
});

describe("where a login leads", () => {
  it.each([
    ["/portfolios/1/overview?pack=PP_2025-10-31", "/portfolios/1/overview?pack=PP_2025-10-31"],
    ["//evil.example", undefined],
    ["/\\evil.example", undefined],
    ["https://evil.example", undefined],
    ["/login?next=/login", undefined],
    [undefined, undefined],
    [7, undefined],
  ])("%s becomes %s", (next, expected) => {
    expect(safeNext(next)).toBe(expected);
  });
});
