-- Alerts: definitions, deliveries, retries, the letters that could not be delivered, and notifications.

create table public.alerts (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references public.users (id),
    portfolio_id uuid references public.portfolios (id),
    name text not null,
    alert_type text not null,
    condition_json jsonb not null,
    severity text not null default 'warning',
    channels text[] not null default '{inapp}',
    notify_email boolean not null default false,
    notify_inapp boolean not null default true,
    cooldown_hours integer not null default 24,
    last_fired_at timestamp with time zone,
    is_active boolean not null default true,
    created_at timestamp with time zone not null default now(),
    updated_at timestamp with time zone not null default now(),
    constraint alerts_severity_known check (severity in ('info', 'warning', 'critical')),
    constraint alerts_cooldown_within_a_year check (cooldown_hours between 0 and 8760)
);
comment on table public.alerts is 'What users want to be told of.';
comment on column public.alerts.id is 'Key.';
comment on column public.alerts.user_id is 'Who is told.';
comment on column public.alerts.portfolio_id is 'The portfolio it watches; null for alerts about the economy or a security.';
comment on column public.alerts.name is 'What its user calls it.';
comment on column public.alerts.alert_type is 'What is watched.';
comment on column public.alerts.condition_json is 'When it fires.';
comment on column public.alerts.severity is 'info, warning or critical.';
comment on column public.alerts.channels is 'How it is told: inapp, email.';
comment on column public.alerts.notify_email is 'True to be told by e-mail.';
comment on column public.alerts.notify_inapp is 'True to be told in the application.';
comment on column public.alerts.cooldown_hours is 'Hours of silence after it has fired.';
comment on column public.alerts.last_fired_at is 'When it last fired.';
comment on column public.alerts.is_active is 'False for an alert that is switched off.';
comment on column public.alerts.created_at is 'When the row was written.';
comment on column public.alerts.updated_at is 'When the row was last changed.';
create index alerts_user on public.alerts (user_id);
create index alerts_portfolio on public.alerts (portfolio_id) where portfolio_id is not null;
alter table public.alerts enable row level security;
alter table public.alerts force row level security;
create policy alerts_of_user on public.alerts
    using ((select app.actor_role()) = 'SYSTEM' or user_id = (select app.actor_id()))
    with check (
        (select app.actor_role()) = 'SYSTEM'
        or (
            user_id = (select app.actor_id())
            and (portfolio_id is null or portfolio_id = any (array(select p.id from public.portfolios p)))
        )
    );
grant select, insert, update, delete on public.alerts to dawsos_app;

create table public.alert_deliveries (
    id uuid primary key default gen_random_uuid(),
    alert_id uuid references public.alerts (id) on delete cascade,
    user_id uuid not null references public.users (id),
    event_key text not null,
    content_hash text not null,
    channel text not null,
    status text not null default 'pending',
    delivered_at timestamp with time zone,
    triggered_value numeric(20,8),
    playbook jsonb,
    pricing_pack_id text references public.pricing_packs (id),
    trace_id text,
    created_at timestamp with time zone not null default now(),
    constraint alert_deliveries_once_per_channel unique (event_key, channel),
    constraint alert_deliveries_status_known check (status in ('pending', 'delivered', 'failed', 'suppressed')),
    constraint alert_deliveries_delivered_when check ((status = 'delivered') = (delivered_at is not null)),
    constraint alert_deliveries_content_hash_is_sha256 check (content_hash ~ '^[0-9a-f]{64}$')
);
comment on table public.alert_deliveries is 'Each attempt to tell a user of an alert, once per event and channel.';
comment on column public.alert_deliveries.id is 'Key.';
comment on column public.alert_deliveries.alert_id is 'The alert that fired.';
comment on column public.alert_deliveries.user_id is 'Who is told.';
comment on column public.alert_deliveries.event_key is 'Names the event: the same event is delivered once per channel.';
comment on column public.alert_deliveries.content_hash is 'SHA-256 of what was told, to leave out repetitions.';
comment on column public.alert_deliveries.channel is 'How it was told.';
comment on column public.alert_deliveries.status is 'pending, delivered, failed or suppressed.';
comment on column public.alert_deliveries.delivered_at is 'When it arrived.';
comment on column public.alert_deliveries.triggered_value is 'The value that made the alert fire.';
comment on column public.alert_deliveries.playbook is 'What the user can do about it.';
comment on column public.alert_deliveries.pricing_pack_id is 'The pricing pack the alert was evaluated under.';
comment on column public.alert_deliveries.trace_id is 'The trace of the evaluation.';
comment on column public.alert_deliveries.created_at is 'When the row was written.';
create index alert_deliveries_alert on public.alert_deliveries (alert_id);
create index alert_deliveries_user on public.alert_deliveries (user_id, created_at desc);
create index alert_deliveries_content on public.alert_deliveries (content_hash, created_at desc);
create index alert_deliveries_pack on public.alert_deliveries (pricing_pack_id);
alter table public.alert_deliveries enable row level security;
alter table public.alert_deliveries force row level security;
create policy alert_deliveries_of_user on public.alert_deliveries
    using ((select app.actor_role()) = 'SYSTEM' or user_id = (select app.actor_id()));
grant select, insert, update, delete on public.alert_deliveries to dawsos_app;

create table public.alert_retries (
    id uuid primary key default gen_random_uuid(),
    alert_id uuid references public.alerts (id) on delete cascade,
    payload jsonb not null,
    channel text not null,
    retry_count integer not null default 0,
    scheduled_at timestamp with time zone not null,
    status text not null default 'pending',
    last_error text,
    created_at timestamp with time zone not null default now(),
    updated_at timestamp with time zone not null default now(),
    constraint alert_retries_status_known check (status in ('pending', 'processing', 'completed', 'failed')),
    constraint alert_retries_count_not_negative check (retry_count >= 0)
);
comment on table public.alert_retries is 'Deliveries to be tried again.';
comment on column public.alert_retries.id is 'Key.';
comment on column public.alert_retries.alert_id is 'The alert that fired.';
comment on column public.alert_retries.payload is 'What is to be told.';
comment on column public.alert_retries.channel is 'How it is to be told.';
comment on column public.alert_retries.retry_count is 'Attempts so far.';
comment on column public.alert_retries.scheduled_at is 'Not to be tried before this moment.';
comment on column public.alert_retries.status is 'pending, processing, completed or failed.';
comment on column public.alert_retries.last_error is 'Why the last attempt failed.';
comment on column public.alert_retries.created_at is 'When the row was written.';
comment on column public.alert_retries.updated_at is 'When the row was last changed.';
create index alert_retries_due on public.alert_retries (scheduled_at) where status = 'pending';
create index alert_retries_alert on public.alert_retries (alert_id);
alter table public.alert_retries enable row level security;
alter table public.alert_retries force row level security;
create policy alert_retries_operator on public.alert_retries
    using ((select app.is_operator()));
grant select, insert, update, delete on public.alert_retries to dawsos_app;

create table public.alert_dlq (
    id uuid primary key default gen_random_uuid(),
    alert_id uuid references public.alerts (id) on delete set null,
    payload jsonb not null,
    channel text not null,
    error_message text,
    retry_count integer not null default 0,
    first_failed_at timestamp with time zone,
    last_failed_at timestamp with time zone,
    resolved boolean not null default false,
    resolved_by uuid references public.users (id),
    resolved_at timestamp with time zone,
    resolution_notes text,
    created_at timestamp with time zone not null default now(),
    constraint alert_dlq_retry_count_not_negative check (retry_count >= 0),
    constraint alert_dlq_failures_ordered check (first_failed_at <= last_failed_at)
);
comment on table public.alert_dlq is 'Deliveries that were given up: for an administrator to look at.';
comment on column public.alert_dlq.id is 'Key.';
comment on column public.alert_dlq.alert_id is 'The alert that fired.';
comment on column public.alert_dlq.payload is 'What was to be told.';
comment on column public.alert_dlq.channel is 'How it was to be told.';
comment on column public.alert_dlq.error_message is 'Why the last attempt failed.';
comment on column public.alert_dlq.retry_count is 'Attempts made.';
comment on column public.alert_dlq.first_failed_at is 'When the first attempt failed.';
comment on column public.alert_dlq.last_failed_at is 'When the last attempt failed.';
comment on column public.alert_dlq.resolved is 'True once somebody has dealt with it.';
comment on column public.alert_dlq.resolved_by is 'Who dealt with it.';
comment on column public.alert_dlq.resolved_at is 'When.';
comment on column public.alert_dlq.resolution_notes is 'How.';
comment on column public.alert_dlq.created_at is 'When the row was written.';
create index alert_dlq_open on public.alert_dlq (created_at) where not resolved;
create index alert_dlq_alert on public.alert_dlq (alert_id);
create index alert_dlq_resolved_by on public.alert_dlq (resolved_by);
alter table public.alert_dlq enable row level security;
alter table public.alert_dlq force row level security;
create policy alert_dlq_operator on public.alert_dlq
    using ((select app.is_operator()));
grant select, insert, update, delete on public.alert_dlq to dawsos_app;

create table public.notifications (
    id uuid primary key default gen_random_uuid(),
    user_id uuid not null references public.users (id),
    alert_id uuid references public.alerts (id) on delete set null,
    message text not null,
    payload jsonb not null default '{}',
    delivered_at timestamp with time zone not null default now(),
    read_at timestamp with time zone,
    created_at timestamp with time zone not null default now()
);
comment on table public.notifications is 'What users were told in the application: one a day for each alert.';
comment on column public.notifications.id is 'Key.';
comment on column public.notifications.user_id is 'Who is told.';
comment on column public.notifications.alert_id is 'The alert that fired.';
comment on column public.notifications.message is 'What is told.';
comment on column public.notifications.payload is 'What the screen needs to show it.';
comment on column public.notifications.delivered_at is 'When it was told.';
comment on column public.notifications.read_at is 'When it was read.';
comment on column public.notifications.created_at is 'When the row was written.';
-- The day is the UTC day, the same on every server.
create unique index notifications_once_a_day on public.notifications
    (user_id, alert_id, ((delivered_at at time zone 'UTC')::date));
create index notifications_unread on public.notifications (user_id, delivered_at desc) where read_at is null;
create index notifications_alert on public.notifications (alert_id);
alter table public.notifications enable row level security;
alter table public.notifications force row level security;
create policy notifications_of_user on public.notifications
    using ((select app.actor_role()) = 'SYSTEM' or user_id = (select app.actor_id()));
grant select, insert, update (read_at), delete on public.notifications to dawsos_app;
