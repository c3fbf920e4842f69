-- Operations: the audit trail and the general dead letter queue.

create table public.audit_log (
    id serial primary key,
    user_id uuid references public.users (id),
    action text not null,
    entity_type text,
    entity_id uuid,
    changes jsonb,
    ip_address inet,
    user_agent text,
    created_at timestamp with time zone not null default now(),
    entity_ref text,
    trace_id text
);
comment on table public.audit_log is 'Who did what: every change and every export. Rows are final.';
comment on column public.audit_log.id is 'Number.';
comment on column public.audit_log.user_id is 'Who; null for background work.';
comment on column public.audit_log.action is 'What was done.';
comment on column public.audit_log.entity_type is 'To what kind of thing.';
comment on column public.audit_log.entity_id is 'To which one, where its key is a UUID.';
comment on column public.audit_log.changes is 'What was different afterwards.';
comment on column public.audit_log.ip_address is 'Where the request came from.';
comment on column public.audit_log.user_agent is 'What the client called itself.';
comment on column public.audit_log.created_at is 'When the row was written.';
comment on column public.audit_log.entity_ref is 'To which one, where its key is not a UUID.';
comment on column public.audit_log.trace_id is 'The trace of the request.';
create index audit_log_created on public.audit_log (created_at desc);
create index audit_log_user on public.audit_log (user_id, created_at desc);
create index audit_log_entity on public.audit_log (entity_type, entity_id);
alter table public.audit_log enable row level security;
alter table public.audit_log force row level security;
create policy audit_log_operator_read on public.audit_log for select
    using ((select app.is_operator()));
create policy audit_log_own_actions on public.audit_log for insert
    with check (user_id = (select app.actor_id()) or (select app.is_operator()));
create trigger audit_log_final before update or delete on public.audit_log
    for each row execute function app.refuse_change();
grant select, insert on public.audit_log to dawsos_app;
grant usage on sequence public.audit_log_id_seq to dawsos_app;

create table public.dlq (
    id uuid primary key default gen_random_uuid(),
    queue_name text not null,
    message jsonb not null,
    error text,
    retry_count integer not null default 0,
    created_at timestamp with time zone not null default now(),
    last_attempt_at timestamp with time zone,
    status text not null default 'pending',
    next_attempt_at timestamp with time zone,
    constraint dlq_status_known check (status in ('pending', 'processing', 'resolved', 'failed')),
    constraint dlq_retry_count_not_negative check (retry_count >= 0)
);
comment on table public.dlq is 'Messages of background work that could not be handled: for an administrator to look at and replay.';
comment on column public.dlq.id is 'Key.';
comment on column public.dlq.queue_name is 'The work it was meant for, for example provider:FRED.';
comment on column public.dlq.message is 'The message.';
comment on column public.dlq.error is 'Why it could not be handled.';
comment on column public.dlq.retry_count is 'Attempts made.';
comment on column public.dlq.created_at is 'When the row was written.';
comment on column public.dlq.last_attempt_at is 'When it was last tried.';
comment on column public.dlq.status is 'pending, processing, resolved or failed.';
comment on column public.dlq.next_attempt_at is 'Not to be tried before this moment.';
create index dlq_due on public.dlq (next_attempt_at) where status = 'pending';
alter table public.dlq enable row level security;
alter table public.dlq force row level security;
create policy dlq_operator on public.dlq
    using ((select app.is_operator()));
grant select, insert, update, delete on public.dlq to dawsos_app;

create table app.job_runs (
    policy text not null,
    asof_date date not null,
    job text not null,
    place integer not null,
    pricing_pack_id text,
    status text not null,
    attempts integer not null default 1,
    units_done integer not null default 0,
    units_total integer not null default 0,
    started_at timestamp with time zone not null,
    finished_at timestamp with time zone,
    error text,
    warnings jsonb not null default '[]',
    primary key (policy, asof_date, job),
    constraint job_runs_status_known check (status in ('running', 'succeeded', 'failed', 'skipped')),
    constraint job_runs_counts_not_negative check (attempts >= 1 and units_done >= 0 and units_total >= 0),
    constraint job_runs_running_is_unfinished check ((status = 'running') = (finished_at is null)),
    constraint job_runs_failed_says_why check (status <> 'failed' or error is not null)
);
comment on table app.job_runs is 'The steps of the nightly chain by policy and date: how far each came, and what it had to say.';
comment on column app.job_runs.policy is 'The pricing policy.';
comment on column app.job_runs.asof_date is 'The date the chain was run for.';
comment on column app.job_runs.job is 'The step.';
comment on column app.job_runs.place is 'Its place in the chain, from 1.';
comment on column app.job_runs.pricing_pack_id is 'The pack it worked on; null before there is one.';
comment on column app.job_runs.status is 'running, succeeded, failed, or skipped (there was nothing to do; error says why).';
comment on column app.job_runs.attempts is 'How often it was started.';
comment on column app.job_runs.units_done is 'Units of work done, mostly portfolios.';
comment on column app.job_runs.units_total is 'Units of work in all.';
comment on column app.job_runs.started_at is 'When it was last started.';
comment on column app.job_runs.finished_at is 'When it ended; null while it runs or after it was killed.';
comment on column app.job_runs.error is 'Why it failed or was skipped.';
comment on column app.job_runs.warnings is 'What went wrong for single portfolios without stopping the chain.';
alter table app.job_runs enable row level security;
alter table app.job_runs force row level security;
create policy job_runs_operator on app.job_runs
    using ((select app.is_operator()));
grant select, insert, update, delete on app.job_runs to dawsos_app;
