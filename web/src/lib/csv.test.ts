import { describe, expect, it } from "vitest";
import { toCsv, toTabSeparated, withoutFormula } from "./csv";

describe("cells a spreadsheet would run", () => {
  it.each(["=1+1", "+SUM(A1)", "-A1", "@cmd", "\tx", "\rx", '=HYPERLINK("http://x")', "-1+1|cmd"])(
    "%j becomes text",
    (cell) => {
      expect(withoutFormula(cell)).toBe(`'${cell}`);
    },
  );

  it.each(["-12.50", "-1,234.56", "+5.00%", "-1.234,56", "-0,5 %", "BRK.B", "—", ""])("%j stays as it is", (cell) => {
    expect(withoutFormula(cell)).toBe(cell);
  });
});

describe("CSV", () => {
  it("quotes commas, quotes and line breaks, and ends each line with CRLF", () => {
    expect(
      toCsv([
        ["Name", "Value"],
        ['Say "hi"', "1,234.50"],
        ["two\nlines", "x"],
      ]),
    ).toBe('Name,Value\r\n"Say ""hi""","1,234.50"\r\n"two\nlines",x\r\n');
  });
});

describe("text for the clipboard", () => {
  it("keeps each row on its line", () => {
    expect(
      toTabSeparated([
        ["a\tb", "=x"],
        ["c\nd", "-1"],
      ]),
    ).toBe("a b\t'=x\nc d\t-1");
  });
});
