/** Facts of records as text: days, moments, amounts with their currency. */

import { formatValue, MISSING } from "../../lib/format";

export const day = (value: string | null | undefined) => (value ? formatValue(value, "date") : MISSING);
export const moment = (value: string | null | undefined) => (value ? formatValue(value, "datetime") : MISSING);
export const count = (value: number | null | undefined) => formatValue(value ?? null, "count");
export const quantity = (value: string | null | undefined) => formatValue(value ?? null, "quantity");
export const percent = (value: number | null | undefined) => formatValue(value ?? null, "fraction");

export function money(value: string | null | undefined, currency: string | null): string {
  return formatValue(value ?? null, "money", { currency, withCurrency: true });
}

export function price(value: string | null | undefined, currency: string | null): string {
  return formatValue(value ?? null, "price", { currency, withCurrency: true });
}
