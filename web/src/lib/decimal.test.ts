import { describe, expect, it } from "vitest";
import { compareDecimals, isDecimal, signOf } from "./decimal";

describe("comparing decimal strings", () => {
  it.each([
    ["10", "9", 1],
    ["9.5", "10", -1],
    ["-10", "-9", -1],
    ["-1", "1", -1],
    ["1.10", "1.1", 0],
    ["0", "-0.00", 0],
    ["007", "7", 0],
    ["9007199254740993", "9007199254740992", 1],
    ["0.10000000000000000001", "0.1", 1],
    ["+3", "3", 0],
  ])("%s against %s is %i", (left, right, expected) => {
    expect(compareDecimals(left, right)).toBe(expected);
    expect(compareDecimals(right, left)).toBe(expected === 0 ? 0 : -expected);
  });

  it("refuses what is no decimal", () => {
    expect(() => compareDecimals("1e5", "1")).toThrow("'1e5' is not a decimal number.");
    expect(isDecimal("1,000")).toBe(false);
    expect(isDecimal("")).toBe(false);
  });
});

describe("sign", () => {
  it("is read from numbers and decimal strings", () => {
    expect([signOf("-0.01"), signOf("0.00"), signOf(2)]).toEqual([-1, 0, 1]);
  });
});
