/** The app: theme, cache, shortcuts and pages around one set of services. */

import {
  createTheme,
  defaultVariantColorsResolver,
  localStorageColorSchemeManager,
  MantineProvider,
  type VariantColorsResolver,
} from "@mantine/core";
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { ShortcutProvider } from "./lib/shortcuts";
import type { AppRouter } from "./router";
import { type Services, ServicesProvider } from "./services";
import { type ChartLoader, ChartLoaderProvider, loadEcharts } from "./ui/chart/loader";

/** The filled button takes its colours from the palette, whose pairs are tested for contrast. */
const colours: VariantColorsResolver = (input) => {
  const resolved = defaultVariantColorsResolver(input);
  if (input.variant !== "filled") return resolved;
  return {
    ...resolved,
    background: "var(--accent-fill)",
    hover: "var(--accent-fill-hover)",
    color: "var(--on-accent)",
  };
};

const PLAIN_HEADER = { attributes: { header: { role: "presentation" } } };

const theme = createTheme({
  variantColorResolver: colours,
  primaryColor: "teal",
  defaultRadius: 6,
  cursorType: "pointer",
  respectReducedMotion: true,
  focusRing: "auto",
  components: {
    // A dialog's heading is no banner of the page.
    Modal: { defaultProps: PLAIN_HEADER },
    Drawer: { defaultProps: PLAIN_HEADER },
    ActionIcon: { defaultProps: { color: "gray" } },
    // Tooltips also open on focus, for those who do not use a pointer.
    Tooltip: { defaultProps: { events: { hover: true, focus: true, touch: false } } },
  },
});

const colourScheme = localStorageColorSchemeManager({ key: "dawsos.theme" });

/** Leaves for the login page and remembers where the reader was. */
function connectSession(services: Services, router: AppRouter): void {
  services.session.onUnauthenticated = () => {
    const { pathname, href } = router.state.location;
    if (pathname === "/login") return;
    services.queries.cancelQueries();
    void router.navigate({ to: "/login", search: pathname === "/" ? {} : { next: href }, replace: true });
  };
}

type Props = { services: Services; router: AppRouter; charts?: ChartLoader; env?: "test" };

export function App({ services, router, charts = loadEcharts, env }: Props) {
  connectSession(services, router);
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={colourScheme}
      withCssVariables={false}
      withGlobalClasses={false}
      {...(env ? { env } : {})}
    >
      <ServicesProvider value={services}>
        <QueryClientProvider client={services.queries}>
          <ShortcutProvider>
            <ChartLoaderProvider value={charts}>
              <RouterProvider router={router} />
            </ChartLoaderProvider>
          </ShortcutProvider>
        </QueryClientProvider>
      </ServicesProvider>
    </MantineProvider>
  );
}
