/** The inputs of a pattern as a form: it asks in words, says what is wrong beside the field, and puts the values into the address. */

import { Button, Checkbox, Select, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { held } from "../../api/patterns";
import { useServices } from "../../services";
import { type Field, readTyped, type Typed, typedOf } from "./inputs";
import classes from "./PatternPage.module.css";

type Props = {
  fields: readonly Field[];
  values: Readonly<Record<string, unknown>>;
  portfolioId: string;
  onShow: (values: Record<string, unknown>) => void;
};

export function InputForm({ fields, values, portfolioId, onShow }: Props) {
  const [typed, setTyped] = useState<Typed>(() => typedOf(fields, values));
  // What the address says wins over what was typed before; the form stays, and with it the focus.
  const [known, setKnown] = useState(values);
  if (known !== values) {
    setKnown(values);
    setTyped(typedOf(fields, values));
  }
  const [problems, setProblems] = useState<Readonly<Record<string, string>>>({});
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const read = readTyped(fields, typed);
    setProblems(read.problems);
    const first = Object.keys(read.problems)[0];
    if (first === undefined) onShow(read.values);
    else event.currentTarget.querySelector<HTMLElement>(`[name="${first}"]`)?.focus();
  };
  return (
    <form className={`${classes.form} no-print`} onSubmit={submit} aria-label="Inputs" noValidate>
      {fields.map((field) => (
        <InputField
          key={field.input.name}
          field={field}
          portfolioId={portfolioId}
          text={typed[field.input.name] ?? ""}
          problem={problems[field.input.name]}
          onType={(text) => setTyped((before) => ({ ...before, [field.input.name]: text }))}
        />
      ))}
      <Button type="submit" size="xs" className={classes.show ?? ""}>
        Show
      </Button>
    </form>
  );
}

type FieldProps = {
  field: Field;
  portfolioId: string;
  text: string;
  problem: string | undefined;
  onType: (text: string) => void;
};

function InputField({ field, portfolioId, text, problem, onType }: FieldProps) {
  const { input, kind } = field;
  const common = {
    name: input.name,
    label: input.label,
    description: input.description,
    error: problem,
    size: "xs",
    withAsterisk: input.required,
  };
  switch (kind) {
    case "security":
      return <SecurityField common={common} portfolioId={portfolioId} text={text} onType={onType} />;
    case "choice":
      return (
        <Select
          {...common}
          data={[...field.choices]}
          searchable={field.choices.length > 12}
          value={text || null}
          clearable={!input.required}
          onChange={(value) => onType(value ?? "")}
        />
      );
    case "boolean":
      return (
        <Checkbox
          name={input.name}
          label={common.label}
          description={input.description}
          size="xs"
          checked={text === "true"}
          onChange={(event) => onType(String(event.currentTarget.checked))}
        />
      );
    case "json":
      return (
        <Textarea
          {...common}
          autosize
          minRows={1}
          value={text}
          placeholder="JSON"
          onChange={(event) => onType(event.currentTarget.value)}
        />
      );
    default:
      return (
        <TextInput
          {...common}
          type={kind === "date" ? "date" : "text"}
          inputMode={kind === "integer" ? "numeric" : kind === "number" ? "decimal" : "text"}
          value={text}
          placeholder={input.default_fact ? input.default_fact.replaceAll("_", " ") : ""}
          onChange={(event) => onType(event.currentTarget.value)}
        />
      );
  }
}

type SecurityProps = { common: object; portfolioId: string; text: string; onType: (text: string) => void };

function SecurityField({ common, portfolioId, text, onType }: SecurityProps) {
  const { api } = useServices();
  const { data = [] } = useQuery(held(api, portfolioId));
  return (
    <Select
      {...common}
      label="Security"
      searchable
      nothingFoundMessage="Nothing held is called that"
      data={data.map(({ id, symbol, name }) => ({ value: id, label: name ? `${symbol} · ${name}` : symbol }))}
      value={text || null}
      onChange={(value) => onType(value ?? "")}
    />
  );
}
