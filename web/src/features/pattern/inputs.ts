/** The inputs of a pattern: how each is asked for, and between what a reader types, the address and the request. */

import type { InputValue, PatternInput, PatternSummary } from "../../api/patterns";
import { isObject } from "../../api/problem";

export type FieldKind = "security" | "choice" | "boolean" | "date" | "integer" | "number" | "text" | "json";

/** A word that may be chosen, and what it is called. */
export type Choice = { value: string; label: string };

export type Field = {
  input: PatternInput;
  kind: FieldKind;
  choices: readonly Choice[];
  minimum: number | undefined;
  maximum: number | undefined;
};

type Schema = Record<string, unknown>;

/** The schema itself, or what it refers to, or its one alternative that is not null. */
function resolved(schema: Schema, root: Schema): Schema {
  if (typeof schema.$ref === "string" && isObject(root.$defs)) {
    const found = root.$defs[schema.$ref.split("/").at(-1) ?? ""];
    return isObject(found) ? resolved(found, root) : schema;
  }
  if (Array.isArray(schema.anyOf)) {
    const others = schema.anyOf.filter(isObject).filter((one) => one.type !== "null");
    // A decimal is a number or its text; it is asked for as text, which keeps every digit.
    const text = others.find((one) => one.type === "string");
    const chosen = text ?? (others.length === 1 ? others[0] : undefined);
    if (chosen) return resolved(chosen, root);
  }
  return schema;
}

function kindOf(input: PatternInput, schema: Schema): FieldKind {
  if (input.name === "security_id") return "security";
  if (Array.isArray(schema.enum)) return "choice";
  switch (schema.type) {
    case "boolean":
      return "boolean";
    case "integer":
      return "integer";
    case "number":
      return "number";
    case "string":
      return schema.format === "date" ? "date" : "text";
    default:
      return "json";
  }
}

const number = (value: unknown) => (typeof value === "number" ? value : undefined);

function choicesOf(schema: Schema): Choice[] {
  const labels = isObject(schema["x-labels"]) ? schema["x-labels"] : {};
  return (schema.enum as unknown[]).map((word) => {
    const value = String(word);
    const label = labels[value];
    return { value, label: typeof label === "string" ? label : value };
  });
}

export function fieldOf(input: PatternInput): Field {
  const root = input.json_schema as Schema;
  const schema = resolved(root, root);
  const kind = kindOf(input, schema);
  return {
    input,
    kind,
    choices: kind === "choice" ? choicesOf(schema) : [],
    minimum: number(schema.minimum),
    maximum: number(schema.maximum),
  };
}

/** What a reader is asked for; the portfolio is chosen above the page. */
export function fieldsOf(pattern: PatternSummary): Field[] {
  return pattern.inputs.filter((input) => input.name !== "portfolio_id").map(fieldOf);
}

export type Typed = Readonly<Record<string, string>>;

/** What stands in the fields for the values of an address. */
export function typedOf(fields: readonly Field[], values: Readonly<Record<string, unknown>>): Typed {
  return Object.fromEntries(
    fields.map(({ input, kind }) => {
      const value = values[input.name] ?? input.default;
      if (value === null || value === undefined) return [input.name, ""];
      return [input.name, kind === "json" ? JSON.stringify(value) : String(value)];
    }),
  );
}

export type Read = { values: Record<string, InputValue>; problems: Record<string, string> };

function readField(field: Field, text: string): InputValue {
  switch (field.kind) {
    case "boolean":
      return text === "true";
    case "integer":
    case "number": {
      const value = Number(text);
      if (!Number.isFinite(value)) throw new Error("This is not a number.");
      if (field.kind === "integer" && !Number.isInteger(value)) throw new Error("This must be a whole number.");
      if (field.minimum !== undefined && value < field.minimum) throw new Error(`At least ${field.minimum}.`);
      if (field.maximum !== undefined && value > field.maximum) throw new Error(`At most ${field.maximum}.`);
      return value;
    }
    case "json":
      try {
        return JSON.parse(text) as InputValue;
      } catch {
        throw new Error("This is not JSON.");
      }
    default:
      return text;
  }
}

/** The values that were typed; what is left empty is left to the server's default. */
export function readTyped(fields: readonly Field[], typed: Typed): Read {
  const values: Record<string, InputValue> = {};
  const problems: Record<string, string> = {};
  for (const field of fields) {
    const { name, required, default: standard } = field.input;
    const text = (typed[name] ?? "").trim();
    if (text === "") {
      if (required) problems[name] = "This is needed.";
      continue;
    }
    try {
      const value = readField(field, text);
      if (JSON.stringify(value) !== JSON.stringify(standard)) values[name] = value;
    } catch (error) {
      problems[name] = error instanceof Error ? error.message : String(error);
    }
  }
  return { values, problems };
}

/** The values an address names, as the request takes them: an identifier of digits only is text again. */
export function valuesIn(
  fields: readonly Field[],
  search: Readonly<Record<string, unknown>>,
): Record<string, InputValue> {
  const values: Record<string, InputValue> = {};
  for (const { input, kind } of fields) {
    const value = search[input.name];
    if (value === undefined || value === null) continue;
    const isText = kind === "text" || kind === "date" || kind === "choice" || kind === "security";
    values[input.name] = isText ? String(value) : (value as InputValue);
  }
  return values;
}

export function missing(fields: readonly Field[], values: Readonly<Record<string, unknown>>): Field[] {
  return fields.filter(({ input }) => input.required && values[input.name] === undefined);
}
