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
create index dlq_due on public.dlq (next_attempt_at) where status = 'pending';
alter table public.dlq enable row level security;
alter table public.dlq force row level security;
create policy dlq_operator on public.dlq
    using ((select app.is_operator()));
grant select, insert, update, delete on public.dlq to dawsos_app;
