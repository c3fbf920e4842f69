/** What the holdings table shows besides its panel's columns: the totals, the lots of each position, and columns that start hidden. */

import type {
  PricedLot as Lot,
  PatternResult,
  PricedPosition as Position,
  ValuedPositions as Valued,
} from "../../api/types";
import { formatDate, formatValue } from "../../lib/format";
import {
  type Column,
  DATE,
  type Detail,
  type Look,
  plainRow,
  type Row,
  type Scalar,
  type TableModel,
  TEXT,
} from "../../panels/model";
import type { TableSupplement } from "../../panels/supplement";

const MONEY: Look = { ...TEXT, format: "currency", unit: "money" };
const SIGNED: Look = { ...MONEY, color_condition: "sign" };
const SHARE: Look = { ...TEXT, format: "percentage", unit: "fraction", color_condition: "sign" };
const QUANTITY: Look = { ...TEXT, format: "number", unit: "quantity" };

const LOT_COLUMNS: Column[] = [
  { key: "acquisition_date", label: "Acquired", look: DATE },
  { key: "qty_original", label: "Original quantity", look: QUANTITY },
  { key: "qty_open", label: "Open quantity", look: QUANTITY },
  { key: "cost_basis", label: "Cost", look: MONEY },
  { key: "cost_basis_base", label: "Cost", look: MONEY },
  { key: "market_value", label: "Value", look: MONEY },
  { key: "unrealized_pl", label: "Unrealised P&L", look: SIGNED },
  { key: "unrealized_pl_pct", label: "Gain vs cost", look: SHARE },
];

const LOT_AMOUNTS = ["cost_basis_base", "market_value", "unrealized_pl"];

function lotRow(lot: Lot, position: Position): Row {
  const currencies: Record<string, string> = { cost_basis: lot.currency };
  for (const field of LOT_AMOUNTS) currencies[field] = lot.base_currency;
  const { id, currency: _, base_currency: __, ...values } = lot;
  const missing = Object.keys(values).filter((key) => values[key as keyof typeof values] === null);
  const reasons = Object.fromEntries(missing.flatMap((key) => (position.reason ? [[key, position.reason]] : [])));
  return plainRow(id, values, { currencies, reasons });
}

function lots(positions: readonly Position[]): Detail {
  const held = new Map<string, Row[]>();
  for (const position of positions) {
    if (position.security_id)
      held.set(
        position.security_id,
        position.lots.map((lot) => lotRow(lot, position)),
      );
  }
  return { title: "Lots", rowsOf: (row) => held.get(row.id) ?? [], columnsOf: lotColumns };
}

/** In the base currency the two costs are one. */
function lotColumns(rows: readonly Row[]): Column[] {
  const same = rows.every((row) => row.currencies.cost_basis === row.currencies.cost_basis_base);
  return same ? LOT_COLUMNS.filter((column) => column.key !== "cost_basis_base") : LOT_COLUMNS;
}

/** A price from before the pack's date is used, and said so beside it. */
function priceNotes(position: Position): Record<string, string> {
  const { stale_days: days, price_date: date } = position;
  if (!days || !date) return {};
  return { price: `The price is of ${formatDate(date)}, ${formatValue(days, "days")} before the pack's date.` };
}

type Extra = { field: keyof Position & string; label: string; look: Look; currency?: "currency" | "base_currency" };

const EXTRAS: Extra[] = [
  { field: "sector", label: "Sector", look: TEXT },
  { field: "currency", label: "Currency", look: TEXT },
  { field: "price_date", label: "Price date", look: DATE },
  { field: "fx_rate", label: "FX rate", look: { ...TEXT, format: "number", unit: "exchange_rate" } },
  { field: "value_local", label: "Local value", look: MONEY, currency: "currency" },
  { field: "cost_basis_base", label: "Cost", look: MONEY, currency: "base_currency" },
  { field: "unrealized_pl_price", label: "P&L from price", look: SIGNED, currency: "base_currency" },
  { field: "unrealized_pl_fx", label: "P&L from currency", look: SIGNED, currency: "base_currency" },
  { field: "acquisition_date", label: "First acquired", look: DATE },
];

function positionOf(row: Row, index: number, positions: readonly Position[]): Position | undefined {
  return positions.find((position) => position.security_id === row.id) ?? positions[index];
}

function extended(row: Row, position: Position | undefined, extras: readonly Extra[]): Row {
  if (!position) return row;
  const values: Record<string, Scalar> = { ...row.values };
  const currencies: Record<string, string> = { ...row.currencies };
  const reasons: Record<string, string> = { ...row.reasons };
  for (const { field, currency } of extras) {
    const value = position[field] as Scalar;
    values[field] = value;
    if (currency) currencies[field] = position[currency];
    const reason = position.reasons[field] ?? position.reason;
    if (value === null && reason) reasons[field] = reason;
  }
  return { ...row, values, currencies, reasons, notes: priceNotes(position) };
}

/** Columns the panel lacks, hidden until they are chosen. */
function withExtras(
  positions: readonly Position[],
  base: string,
): (table: TableModel) => { columns: Column[]; rows: Row[] } {
  return (table) => {
    const there = new Set(table.columns.map((column) => column.key));
    const extras = EXTRAS.filter((extra) => !there.has(extra.field));
    const columns = extras.map(({ field, label, look, currency }) => ({
      key: field,
      label,
      look,
      hidden: true,
      ...(currency === "base_currency" ? { currency: base } : {}),
    }));
    return {
      columns: [...table.columns, ...columns],
      rows: table.rows.map((row, index) => extended(row, positionOf(row, index, positions), extras)),
    };
  };
}

function totals(valued: Valued): Row {
  const amounts = {
    market_value: valued.nav,
    unrealized_pl: valued.unrealized_pl,
    unrealized_pl_price: valued.unrealized_pl_price,
    unrealized_pl_fx: valued.unrealized_pl_fx,
    cost_basis_base: valued.total_cost_base,
  };
  const currencies = Object.fromEntries(Object.keys(amounts).map((field) => [field, valued.currency]));
  const reasons = Object.fromEntries(
    Object.entries(valued.reasons).map(([field, reason]) => [field === "nav" ? "market_value" : field, reason]),
  );
  return plainRow("total", { ...amounts, unrealized_pl_pct: valued.unrealized_pl_pct }, { currencies, reasons });
}

export function holdingsSupplement(data: PatternResult["data"]): TableSupplement {
  const valued = data.valued_positions;
  return {
    totals: totals(valued),
    totalsLabel: "Net asset value",
    detail: lots(valued.positions),
    extend: withExtras(valued.positions, valued.currency),
  };
}
