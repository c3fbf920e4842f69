/** The reader's own settings: who they are, password, portfolios, access tokens, and the sources of the house with their rights. */

import { Button, NumberInput, PasswordInput, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { asProblem } from "../../api/problem";
import { me, portfolios, present } from "../../api/queries";
import { usePageTitle } from "../../lib/page-title";
import { useServices } from "../../services";
import { Chip } from "../../ui/Chip";
import { Failure } from "../../ui/Notice";
import { lastPortfolio, rememberPortfolio } from "../home/last-portfolio";
import { Ask } from "../records/Ask";
import classes from "../records/Records.module.css";
import { RecordTable } from "../records/RecordTable";
import { Section } from "../records/Section";
import { count, day, moment } from "../records/words";

export function SettingsPage() {
  usePageTitle("Settings");
  return (
    <div className={classes.page}>
      <h1>Settings</h1>
      <Profile />
      <Portfolios />
      <Tokens />
      <Sources />
    </div>
  );
}

function Profile() {
  const { api } = useServices();
  const found = useQuery(me(api));
  return (
    <Section title="Profile" query={found}>
      {(user) => (
        <>
          <dl className={classes.facts}>
            <div>
              <dt>E-mail</dt>
              <dd>{user.email}</dd>
            </div>
            <div>
              <dt>Role</dt>
              <dd>{user.role.toLowerCase()}</dd>
            </div>
            <div>
              <dt>May</dt>
              <dd>{user.rights.map((right) => right.replaceAll("_", " ")).join(", ")}</dd>
            </div>
          </dl>
          <Password email={user.email} />
        </>
      )}
    </Section>
  );
}

function Password({ email }: { email: string }) {
  const { api, queries } = useServices();
  const navigate = useNavigate();
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const request = useMutation({
    mutationFn: () => api.POST("/v1/auth/password", { body: { current, wanted } }),
    onSuccess: async () => {
      queries.clear();
      await navigate({ to: "/login", search: {} });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    request.mutate();
  };
  return (
    <form className={classes.form} onSubmit={submit} aria-label="Change the password">
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <PasswordInput
        label="Current password"
        size="xs"
        w={220}
        required
        autoComplete="current-password"
        value={current}
        onChange={(event) => setCurrent(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": "Show the current password" }}
      />
      <PasswordInput
        label="New password"
        size="xs"
        w={220}
        required
        autoComplete="new-password"
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
        visibilityToggleButtonProps={{ "aria-label": "Show the new password" }}
      />
      <Button type="submit" size="xs" loading={request.isPending} disabled={!current || !wanted}>
        Change and log in again
      </Button>
      {request.error && <Failure problem={asProblem(request.error)} />}
    </form>
  );
}

function Portfolios() {
  const { api } = useServices();
  const found = useQuery(portfolios(api));
  const [first, setFirst] = useState(lastPortfolio());
  const choose = (id: string) => {
    rememberPortfolio(id);
    setFirst(id);
  };
  return (
    <Section
      title="Portfolios"
      about="Base currency and lot method are those the entries were booked by. The one you open first is remembered in this browser."
      query={found}
    >
      {(list) => (
        <RecordTable
          caption="Portfolios"
          empty="There is no portfolio yet."
          items={list}
          keyOf={(one) => one.id}
          columns={[
            { label: "Name", render: (one) => one.name },
            { label: "Base currency", render: (one) => one.base_currency },
            { label: "Lot method", render: (one) => one.cost_basis_method },
            { label: "Prices", render: (one) => one.pricing_policy },
            { label: "Since", render: (one) => moment(one.created_at) },
          ]}
          actions={(one) =>
            one.id === first ? (
              <Chip tone="good">opened first</Chip>
            ) : (
              <Button
                size="compact-sm"
                variant="default"
                onClick={() => choose(one.id)}
                aria-label={`Open first: ${one.name}`}
              >
                Open first
              </Button>
            )
          }
        />
      )}
    </Section>
  );
}

function Tokens() {
  const { api } = useServices();
  const found = useQuery({
    queryKey: ["tokens"],
    queryFn: async ({ signal }) => present((await api.GET("/v1/auth/tokens", { signal })).data).data,
  });
  return (
    <Section title="Access tokens" about="For programs that ask in your name. A token is shown once." query={found}>
      {(tokens) => (
        <>
          <NewToken />
          <RecordTable
            caption="Access tokens"
            empty="There are none."
            items={tokens.filter((token) => token.revoked_at === null)}
            keyOf={(token) => token.id}
            columns={[
              { label: "Name", render: (token) => token.name },
              { label: "May", render: (token) => token.scopes.join(", ") || "all you may" },
              { label: "Made", render: (token) => moment(token.created_at) },
              { label: "Used", render: (token) => moment(token.last_used_at) },
              { label: "Ends", render: (token) => moment(token.expires_at) },
            ]}
            actions={(token) => (
              <Ask
                label="End"
                about={token.name}
                question="Programs that use it are turned away at once."
                run={() => api.DELETE("/v1/auth/tokens/{token_id}", { params: { path: { token_id: token.id } } })}
              />
            )}
          />
        </>
      )}
    </Section>
  );
}

function NewToken() {
  const { api, queries } = useServices();
  const [name, setName] = useState("");
  const [days, setDays] = useState<number | string>(365);
  const request = useMutation({
    mutationFn: async () => {
      const body = { name: name.trim(), scopes: [], days: days === "" ? null : Number(days) };
      return present((await api.POST("/v1/auth/tokens", { body })).data).data;
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ["tokens"] }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    request.mutate();
  };
  return (
    <form className={classes.form} onSubmit={submit} aria-label="New access token">
      <TextInput
        label="For what"
        size="xs"
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <NumberInput label="Days it lasts" size="xs" min={1} max={3650} value={days} onChange={setDays} hideControls />
      <Button type="submit" size="xs" disabled={name.trim() === ""} loading={request.isPending}>
        Make a token
      </Button>
      {request.error && <Failure problem={asProblem(request.error)} />}
      {request.data && (
        <p role="status">
          {request.data.name}: <code>{request.data.token}</code>. Keep it now; it is not shown again.
        </p>
      )}
    </form>
  );
}

function Sources() {
  const { api } = useServices();
  const found = useQuery({
    queryKey: ["sources"],
    queryFn: async ({ signal }) => present((await api.GET("/v1/sources", { signal })).data).data,
  });
  return (
    <Section
      title="Sources"
      about="Where figures come from, what may be done with them, and how old they are. Without keys everything works on what is stored."
      query={found}
    >
      {(sources) => (
        <RecordTable
          caption="Sources"
          empty="There are none."
          items={sources}
          keyOf={(source) => source.name}
          columns={[
            { label: "Source", render: (source) => source.title },
            {
              label: "Configured",
              render: (source) =>
                source.is_configured ? (
                  <Chip tone="good">yes</Chip>
                ) : (
                  <Chip tone="neutral">no: set DAWSOS_{(source.key_setting ?? "").toUpperCase()}</Chip>
                ),
            },
            { label: "May be used for", render: (source) => source.uses.join(", ") || "nothing" },
            { label: "Attribution", render: (source) => source.attribution ?? "" },
            { label: "Newest figure", render: (source) => day(source.newest) },
            { label: "Dead letters", number: true, render: (source) => count(source.dead_letters) },
          ]}
        />
      )}
    </Section>
  );
}
