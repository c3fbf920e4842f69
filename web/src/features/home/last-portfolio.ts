/** The portfolio looked at last on this device. */

import { remember, remembered } from "../../lib/storage";

const KEY = "dawsos.last-portfolio";

export function lastPortfolio(): string | undefined {
  return remembered(KEY, (value) => (typeof value === "string" ? value : undefined));
}

export function rememberPortfolio(id: string): void {
  remember(KEY, id);
}
