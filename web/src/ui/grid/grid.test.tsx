import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { plainRow, type Scalar, type TableModel, TEXT } from "../../panels/model";
import { renderPart } from "../../testing/render";
import { DataGrid } from "./DataGrid";
import { exportedCells } from "./grid-export";
import { compareValues } from "./grid-model";

const MONEY = { ...TEXT, format: "currency", unit: "money" } as const;
const SHARE = { ...TEXT, format: "percentage", unit: "fraction", color_condition: "sign" } as const;

const row = (id: string, name: string, group: string, value: Scalar, gain: Scalar) =>
  plainRow(
    id,
    { name, group, value, gain },
    { currencies: { value: "CAD" }, reasons: value === null ? { value: "no price" } : {} },
  );

const TABLE: TableModel = {
  columns: [
    { key: "name", label: "Name", look: TEXT },
    { key: "group", label: "Group", look: TEXT },
    { key: "value", label: "Value", look: MONEY, currency: "CAD" },
    { key: "gain", label: "Gain", look: SHARE },
  ],
  rows: [
    row("1", "Alpha", "B", "9.50", 0.1),
    row("2", "Beta", "A", "9007199254740993.01", -0.2),
    row("3", "Gamma", "B", null, null),
    row("4", "=Delta", "A", "9007199254740993.02", 0),
  ],
  totals: plainRow("total", { value: "18014398509481995.53" }, { currencies: { value: "CAD" } }),
  totalsLabel: "Total",
};

function show(table: TableModel = TABLE) {
  const part = <DataGrid name="test" noun="things" caption="Things" table={table} fileStem="PP_1" />;
  return { ...renderPart(part), part };
}

const names = () => screen.getAllByRole("rowheader").map((cell) => cell.textContent);
const sortBy = (name: RegExp) => within(screen.getByRole("columnheader", { name })).getByRole("button");

describe("sorting", () => {
  it("shows a figure in the unit its row names where units are data", () => {
    const columns = [
      { key: "name", label: "Name", look: TEXT },
      { key: "value", label: "Value", look: { ...TEXT, format: "auto" } as const },
    ];
    const rows = [
      plainRow("1", { name: "Inflation", value: 0.0313 }, { units: { value: "fraction" } }),
      plainRow("2", { name: "Ratio", value: 0.0313 }, { units: { value: "number" } }),
    ];
    show({ columns, rows });
    expect(screen.getByRole("cell", { name: "3.13%" })).toBeVisible();
    expect(screen.getByRole("cell", { name: /^0\.03/ })).toBeVisible();
  });

  it("orders amounts by every digit, the largest first, and keeps missing ones last either way", async () => {
    const { user } = show();
    await user.click(sortBy(/Value/));
    expect(names()).toEqual(["=Delta", "Beta", "Alpha", "Gamma", "Total"]);
    expect(screen.getByRole("columnheader", { name: /Value/ })).toHaveAttribute("aria-sort", "descending");
    await user.click(sortBy(/Value/));
    expect(names()).toEqual(["Alpha", "Beta", "=Delta", "Gamma", "Total"]);
  });

  it("adds a further column with Shift", async () => {
    const { user } = show();
    await user.click(sortBy(/Group/));
    await user.keyboard("{Shift>}");
    await user.click(sortBy(/Value/));
    await user.keyboard("{/Shift}");
    expect(names()).toEqual(["=Delta", "Beta", "Alpha", "Gamma", "Total"]);
    expect(screen.getByText("sort level 2")).toBeInTheDocument();
  });

  it("works by keyboard alone", async () => {
    const { user } = show();
    sortBy(/Name/).focus();
    await user.keyboard("{Enter}");
    expect(screen.getByRole("columnheader", { name: /Name/ })).toHaveAttribute("aria-sort", "ascending");
  });

  it("is remembered with the hidden columns on the same device", async () => {
    const { user, unmount, part } = show();
    await user.click(sortBy(/Value/));
    await user.click(screen.getByRole("button", { name: "Columns" }));
    await user.click(await screen.findByRole("checkbox", { name: "Group" }));
    unmount();
    renderPart(part);
    expect(names()).toEqual(["=Delta", "Beta", "Alpha", "Gamma", "Total"]);
    expect(screen.queryByRole("columnheader", { name: /Group/ })).toBeNull();
  });
});

describe("comparing", () => {
  it("orders text with the numbers in it by their size", () => {
    expect(["PP_10", "PP_9", "PP_1"].sort(compareValues)).toEqual(["PP_1", "PP_9", "PP_10"]);
  });
});

describe("the quick filter", () => {
  it("leaves the rows whose shown text holds the words, and counts them", async () => {
    const { user } = show();
    await user.type(screen.getByRole("searchbox", { name: "Filter things" }), "-20.00%");
    expect(names()).toEqual(["Beta", "Total"]);
    expect(screen.getByText("1 of 4 things")).toBeVisible();
    await user.keyboard("{Escape}");
    expect(screen.getByText("4 things")).toBeVisible();
  });

  it("is reached by one key and says when nothing is left", async () => {
    const { user } = show();
    await user.keyboard("/zzz");
    expect(screen.getByText("No things match the filter.")).toBeVisible();
  });
});

describe("what is missing", () => {
  it("is a dash that says why, never a number", () => {
    show();
    const cell = within(screen.getByRole("rowheader", { name: "Gamma" }).closest("tr") as HTMLElement).getAllByRole(
      "cell",
    )[1];
    expect(cell).toHaveTextContent("—not available: no price");
  });

  it("is said when there is no row at all", () => {
    show({ columns: TABLE.columns, rows: [] });
    expect(screen.getByText("There are no things.")).toBeVisible();
  });
});

describe("export", () => {
  it("saves exactly what is shown: columns, order, filter, text; and no cell runs as a formula", async () => {
    const { user, files } = show();
    await user.click(sortBy(/Value/));
    await user.type(screen.getByRole("searchbox"), "a");
    await user.click(screen.getByRole("button", { name: "Columns" }));
    await user.click(await screen.findByRole("checkbox", { name: "Group" }));
    await user.keyboard("{Escape}");
    await user.click(screen.getByRole("button", { name: "Export" }));
    await user.click(await screen.findByRole("menuitem", { name: "CSV, as shown" }));
    expect(files.map((file) => file.name)).toEqual(["PP_1-things.csv"]);
    expect(files[0]?.text.split("\r\n")).toEqual([
      "Name,Value (CAD),Gain",
      `'=Delta,"9,007,199,254,740,993.02",0.00%`,
      `Beta,"9,007,199,254,740,993.01",-20.00%`,
      "Alpha,9.50,+10.00%",
      "Gamma,,",
      `Total,"18,014,398,509,481,995.53",`,
      "",
    ]);
  });

  it("keeps every digit as the server sent it when full precision is asked for", () => {
    const cells = exportedCells(TABLE.columns, TABLE.rows, "exact");
    expect(cells[2]).toEqual(["Beta", "A", "9007199254740993.01", "-0.2"]);
    expect(cells[3]).toEqual(["Gamma", "B", "", ""]);
  });

  it("copies what is shown for a spreadsheet", async () => {
    const { user } = show();
    await user.click(screen.getByRole("button", { name: "Copy" }));
    const text = await navigator.clipboard.readText();
    expect(text.split("\n")[1]).toBe("Alpha\tB\t9.50\t+10.00%");
    expect(await screen.findByRole("button", { name: "Copied" })).toBeVisible();
  });
});
