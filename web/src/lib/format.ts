/** Turns values into text, once, by their declared unit and the reader's locale. Formats and never calculates. */

import { isDecimal } from "./decimal";

/**
 * The units the registry declares, and a few ways of showing them that pattern files ask for.
 * Ratios are fractions (0.125 reads 12.50 %); money, prices and quantities are decimal strings.
 */
export type Unit =
  | "money"
  | "price"
  | "quantity"
  | "exchange_rate"
  | "fraction"
  | "fraction_bps"
  | "basis_points"
  | "number"
  | "decimal_2"
  | "score"
  | "count"
  | "seconds"
  | "days"
  | "years"
  | "date"
  | "datetime"
  | "text"
  | "auto";

export type FormatOptions = {
  locale?: string | undefined;
  /** ISO 4217 code: decides the minor unit of an amount. */
  currency?: string | null | undefined;
  /** Writes the currency beside the amount; a column leaves it to its heading. */
  withCurrency?: boolean;
  /** A plus before gains, for figures whose sign carries the meaning. */
  signed?: boolean;
};

export const MISSING = "—";

type NumberOptions = Intl.NumberFormatOptions & { roundingMode?: string };
const numberFormats = new Map<string, Intl.NumberFormat>();
const dateFormats = new Map<string, Intl.DateTimeFormat>();

function numberFormat(locale: string | undefined, options: NumberOptions): Intl.NumberFormat {
  const key = `${locale}|${JSON.stringify(options)}`;
  const known = numberFormats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(locale, options as Intl.NumberFormatOptions);
  numberFormats.set(key, made);
  return made;
}

function dateFormat(locale: string | undefined, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${locale}|${JSON.stringify(options)}`;
  const known = dateFormats.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(locale, options);
  dateFormats.set(key, made);
  return made;
}

/** A decimal string goes to Intl as text, which formats every digit of it; a float goes as the number it is. */
function digits(value: string | number, options: NumberOptions, format: FormatOptions): string {
  const signed: NumberOptions = format.signed ? { signDisplay: "exceptZero" } : { signDisplay: "negative" };
  const formatter = numberFormat(format.locale, { roundingMode: "halfEven", ...signed, ...options });
  return formatter.format(value as Intl.StringNumericLiteral | number);
}

const minorDigits = new Map<string, number>();

function minorDigitsOf(currency: string): number {
  const known = minorDigits.get(currency);
  if (known !== undefined) return known;
  const resolved = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions();
  const count = resolved.minimumFractionDigits ?? 2;
  minorDigits.set(currency, count);
  return count;
}

/** Money shows its currency's minor unit, and never fewer digits than the cent the ledger keeps when there are any. */
function moneyDigits(value: string | number, currency: string | null | undefined): NumberOptions {
  const minor = currency ? minorDigitsOf(currency) : 2;
  const hasCents = typeof value === "string" && /\.\d*[1-9]/.test(value);
  const most = hasCents ? Math.max(minor, 2) : minor;
  return { minimumFractionDigits: most, maximumFractionDigits: most };
}

const PRICE_DIGITS: NumberOptions = { minimumFractionDigits: 2, maximumFractionDigits: 8 };

/** An amount or price, with its currency's code where the locale puts it when asked for. */
function formatAmount(value: string | number, shape: NumberOptions, options: FormatOptions): string {
  if (!options.currency || !options.withCurrency) return digits(value, shape, options);
  return digits(value, { ...shape, style: "currency", currency: options.currency, currencyDisplay: "code" }, options);
}

const PERCENT: NumberOptions = { style: "percent", minimumFractionDigits: 2, maximumFractionDigits: 2 };
const TWO_PLACES: NumberOptions = { minimumFractionDigits: 2, maximumFractionDigits: 2 };

type NumericFormat = (value: string | number, options: FormatOptions) => string;

function shaped(shape: NumberOptions, suffix = ""): NumericFormat {
  return (value, options) => digits(value, shape, options) + suffix;
}

function counted(unit: "second" | "day" | "year"): NumericFormat {
  return shaped({ style: "unit", unit, unitDisplay: "short", maximumFractionDigits: 2 });
}

/** A basis point is a hundredth of a percent; like the percent sign, this is the unit it is read in. */
const BASIS_POINTS_OF_A_FRACTION = 10_000;

const NUMERIC: Partial<Record<Unit, NumericFormat>> = {
  money: (value, options) => formatAmount(value, moneyDigits(value, options.currency), options),
  price: (value, options) => formatAmount(value, PRICE_DIGITS, options),
  quantity: shaped({ maximumFractionDigits: 8 }),
  exchange_rate: shaped({ minimumFractionDigits: 4, maximumFractionDigits: 8 }),
  fraction: shaped(PERCENT),
  fraction_bps: (value, options) => `${digits(Number(value) * BASIS_POINTS_OF_A_FRACTION, TWO_PLACES, options)} bps`,
  basis_points: shaped(TWO_PLACES, " bps"),
  number: shaped({ maximumFractionDigits: 6 }),
  decimal_2: shaped(TWO_PLACES),
  score: shaped({ maximumFractionDigits: 2 }),
  count: shaped({ maximumFractionDigits: 0 }),
  seconds: counted("second"),
  days: counted("day"),
  years: counted("year"),
};

const ISO_DATE = /^\d{4}-\d{2}-\d{2}$/;

/** A calendar date has no time zone: it is read as noon UTC and written in UTC, so it cannot slip a day. */
export function formatDate(value: string, locale?: string): string {
  if (!ISO_DATE.test(value)) return value;
  return dateFormat(locale, { year: "numeric", month: "short", day: "2-digit", timeZone: "UTC" }).format(
    new Date(`${value}T12:00:00Z`),
  );
}

export function formatInstant(value: string, locale?: string): string {
  const instant = new Date(value);
  if (Number.isNaN(instant.getTime())) return value;
  return dateFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(instant);
}

/** Words that code writes as one: a choice of the server's that reads "at_least" there reads "at least" here. */
const ONE_WORD = /^[a-z]+(_[a-z]+)+$/;
/** What no reader can be asked to know. */
const SPELLED_OUT: Readonly<Record<string, string>> = { roe: "return on equity" };

function formatText(value: unknown): string {
  if (typeof value === "boolean") return value ? "yes" : "no";
  const text = String(value);
  return SPELLED_OUT[text] ?? (ONE_WORD.test(text) ? text.replaceAll("_", " ") : text);
}

function formatAuto(value: unknown, options: FormatOptions): string {
  if (typeof value === "number" || isDecimal(value)) return digits(value, { maximumFractionDigits: 8 }, options);
  if (typeof value === "string" && ISO_DATE.test(value)) return formatDate(value, options.locale);
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.map((item) => formatAuto(item, options)).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The text of a value in its unit; a dash for what is missing, and the value itself where it does not fit its unit. */
export function formatValue(value: unknown, unit: Unit = "auto", options: FormatOptions = {}): string {
  if (value === null || value === undefined || value === "") return MISSING;
  if (typeof value === "number" && !Number.isFinite(value)) return MISSING;
  const numeric = NUMERIC[unit];
  if (numeric) return typeof value === "number" || isDecimal(value) ? numeric(value, options) : String(value);
  if (unit === "date") return formatDate(String(value), options.locale);
  if (unit === "datetime") return formatInstant(String(value), options.locale);
  if (unit === "text") return formatText(value);
  return formatAuto(value, options);
}

export function isNumericUnit(unit: Unit): boolean {
  return unit in NUMERIC;
}

/** The first twelve characters of a hash: enough to tell two states apart by eye. */
export function shortHash(hash: string): string {
  const [scheme, rest] = hash.includes(":") ? hash.split(":", 2) : ["", hash];
  const text = (rest ?? hash).slice(0, 12);
  return scheme ? `${scheme}:${text}` : text;
}

/** A mark on a chart's axis: short, in the unit of what is drawn. */
export function formatTick(value: number, unit: Unit, locale?: string): string {
  if (unit === "fraction") return numberFormat(locale, { style: "percent", maximumFractionDigits: 2 }).format(value);
  return numberFormat(locale, { notation: "compact", maximumFractionDigits: 2 }).format(value);
}
