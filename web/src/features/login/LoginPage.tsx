/** Where a session begins; it returns the reader to the page they came for. */

import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { asProblem, type Problem } from "../../api/problem";
import { me } from "../../api/queries";
import { usePageTitle } from "../../lib/page-title";
import { useServices } from "../../services";
import { Brand } from "../shell/Brand";
import classes from "./LoginPage.module.css";
import { useCountdown } from "./use-countdown";

/** Only a path of this app: an address elsewhere would lead the reader away with a fresh session. */
export function safeNext(next: unknown): string | undefined {
  return typeof next === "string" && /^\/(?![/\\])/.test(next) && !next.startsWith("/login") ? next : undefined;
}

export function LoginPage() {
  usePageTitle("Log in");
  const { api, queries } = useServices();
  const { next } = useSearch({ from: "/login" });
  const navigate = useNavigate();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const passwordField = useRef<HTMLInputElement>(null);

  const login = useMutation({
    mutationFn: async () => (await api.POST("/v1/auth/login", { body: { email, password } })).data,
    onSuccess: (answer) => {
      queries.clear();
      if (answer) queries.setQueryData(me(api).queryKey, answer.data.user);
      void navigate({ href: next ?? "/", replace: true });
    },
    onError: () => passwordField.current?.select(),
  });

  const problem = login.error ? asProblem(login.error) : null;
  const wait = useCountdown(problem?.status === 429 ? (problem.retryAfter ?? null) : null, login.submittedAt);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    login.mutate();
  };

  return (
    <main className={classes.page} id="content">
      <div className={classes.card}>
        <Brand />
        <h1 className={classes.title}>Log in</h1>
        <form onSubmit={submit} className={classes.form}>
          <TextInput
            label="E-mail"
            type="email"
            name="email"
            autoComplete="username"
            required
            withAsterisk={false}
            autoFocus
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
          />
          <PasswordInput
            ref={passwordField}
            label="Password"
            name="password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
          />
          {problem && <LoginFailure problem={problem} />}
          <Button type="submit" fullWidth loading={login.isPending} disabled={wait > 0}>
            {wait > 0 ? `Try again in ${wait} s` : "Log in"}
          </Button>
        </form>
      </div>
      <p className={classes.promise}>Every number right, reproducible, explained, never invented.</p>
    </main>
  );
}

function LoginFailure({ problem }: { problem: Problem }) {
  const alert = useRef<HTMLDivElement>(null);
  useEffect(() => alert.current?.scrollIntoView?.({ block: "nearest" }), []);
  return (
    <div role="alert" className={classes.problem} ref={alert}>
      <strong>{problem.detail}</strong>
      {problem.remedy && <span>{problem.remedy}</span>}
    </div>
  );
}
