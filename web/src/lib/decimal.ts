/** Decimal strings as the server sends them: recognised and compared digit by digit, never through a float. */

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?$/;

export type DecimalString = `${number}`;

export function isDecimal(value: unknown): value is DecimalString {
  return typeof value === "string" && DECIMAL.test(value);
}

type Parts = { negative: boolean; whole: string; fraction: string };

function parts(value: string): Parts {
  const match = DECIMAL.exec(value);
  if (!match) throw new RangeError(`'${value}' is not a decimal number.`);
  const whole = (match[2] ?? "").replace(/^0+(?=\d)/, "");
  const fraction = (match[3] ?? "").replace(/0+$/, "");
  return { negative: match[1] === "-" && !(whole === "0" && fraction === ""), whole, fraction };
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function compareMagnitude(left: Parts, right: Parts): number {
  const byLength = left.whole.length - right.whole.length;
  if (byLength !== 0) return Math.sign(byLength);
  const width = Math.max(left.fraction.length, right.fraction.length);
  return compareText(left.whole + left.fraction.padEnd(width, "0"), right.whole + right.fraction.padEnd(width, "0"));
}

/** −1, 0 or 1 as `left` is smaller than, equal to or larger than `right`; exact for any number of digits. */
export function compareDecimals(left: string, right: string): number {
  const a = parts(left);
  const b = parts(right);
  if (a.negative !== b.negative) return a.negative ? -1 : 1;
  return a.negative ? compareMagnitude(b, a) : compareMagnitude(a, b);
}

/** −1, 0 or 1: the sign of a number or decimal string. */
export function signOf(value: string | number): number {
  return typeof value === "number" ? Math.sign(value) : compareDecimals(value, "0");
}

/** The nearest float, for the position of a mark on a chart; never for a figure that is read. */
export function plotted(value: string | number | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
