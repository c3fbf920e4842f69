import { describe, expect, it } from "vitest";
import { formatDate, formatValue, MISSING, shortHash } from "./format";

const en = { locale: "en-CA" };
const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, " ");

describe("money", () => {
  it("keeps every digit of an amount no float can hold", () => {
    expect(formatValue("9007199254740993.07", "money", { ...en, currency: "CAD" })).toBe("9,007,199,254,740,993.07");
    expect(formatValue("123456789012345678901234567890.12", "money", en)).toBe(
      "123,456,789,012,345,678,901,234,567,890.12",
    );
  });

  it("writes the currency's code beside the amount", () => {
    expect(plain(formatValue("-1234.5", "money", { ...en, currency: "CAD", withCurrency: true }))).toBe(
      "-CAD 1,234.50",
    );
    expect(plain(formatValue("1234.50", "money", { locale: "fr-CA", currency: "EUR", withCurrency: true }))).toBe(
      "1 234,50 EUR",
    );
  });

  it("shows yen without cents unless there are cents", () => {
    expect(formatValue("1234.00", "money", { ...en, currency: "JPY" })).toBe("1,234");
    expect(formatValue("1234.56", "money", { ...en, currency: "JPY" })).toBe("1,234.56");
  });

  it("shows three places of a dinar", () => {
    expect(formatValue("1234.50", "money", { ...en, currency: "KWD" })).toBe("1,234.500");
  });

  it("uses the decimal comma where the reader does", () => {
    expect(formatValue("1234567.89", "money", { locale: "de-DE" })).toBe("1.234.567,89");
  });
});

describe("ratios", () => {
  it("shows a fraction as a percentage once", () => {
    expect(formatValue(0.1234, "fraction", en)).toBe("12.34%");
  });

  it("puts a plus before a gain when the sign carries the meaning, and none before zero", () => {
    expect(formatValue(0.05, "fraction", { ...en, signed: true })).toBe("+5.00%");
    expect(formatValue(-0.05, "fraction", { ...en, signed: true })).toBe("-5.00%");
    expect(formatValue(0, "fraction", { ...en, signed: true })).toBe("0.00%");
  });

  it("never writes a negative zero", () => {
    expect(formatValue(-0.000001, "fraction", en)).toBe("0.00%");
    expect(formatValue("-0.00", "money", en)).toBe("0.00");
  });

  it("names basis points", () => {
    expect(formatValue(0.031, "basis_points", en)).toBe("0.03 bps");
    expect(formatValue(0.0000031, "fraction_bps", en)).toBe("0.03 bps");
  });
});

describe("prices, quantities and rates", () => {
  it("shows a price with two to eight places and a quantity without padding", () => {
    expect(formatValue("169.25000000", "price", en)).toBe("169.25");
    expect(formatValue("0.00912345", "price", en)).toBe("0.00912345");
    expect(formatValue("200.00000000", "quantity", en)).toBe("200");
    expect(formatValue("0.12500000", "quantity", en)).toBe("0.125");
    expect(formatValue("1.36250000", "exchange_rate", en)).toBe("1.3625");
  });
});

describe("missing and unfit values", () => {
  it.each([null, undefined, "", Number.NaN, Number.POSITIVE_INFINITY])(
    "shows %s as a dash, never as a number",
    (value) => {
      expect(formatValue(value, "money", en)).toBe(MISSING);
      expect(formatValue(value, "fraction", en)).toBe(MISSING);
    },
  );

  it("shows what it was given where that does not fit the unit", () => {
    expect(formatValue("not a number", "money", en)).toBe("not a number");
  });

  it("tells zero from missing", () => {
    expect(formatValue("0.00", "money", en)).toBe("0.00");
    expect(formatValue(0, "fraction", en)).toBe("0.00%");
  });
});

describe("dates", () => {
  it("does not slip a calendar date across time zones", () => {
    expect(formatDate("2024-10-31", "en-GB")).toBe("31 Oct 2024");
    expect(formatDate("2024-01-01", "en-GB")).toBe("01 Jan 2024");
  });

  it("leaves text that is no date alone", () => {
    expect(formatDate("yesterday", "en-GB")).toBe("yesterday");
  });
});

describe("hashes", () => {
  it("keeps the scheme and twelve characters", () => {
    expect(shortHash("0123456789abcdef0123456789abcdef")).toBe("0123456789ab");
    expect(shortHash("txn:0123456789abcdef")).toBe("txn:0123456789ab");
  });
});
