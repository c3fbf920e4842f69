-- Users, their sessions and access tokens, and the few functions that work before anybody is logged in.
-- Those functions run as the owner, to whom the policies *_login_functions open these three tables and no others.

create table public.users (
    id uuid primary key default gen_random_uuid(),
    email text not null unique,
    password_hash text not null,
    role text not null default 'USER',
    created_at timestamp with time zone not null default now(),
    last_login timestamp with time zone,
    is_active boolean not null default true,
    failed_login_attempts integer not null default 0,
    locked_until timestamp with time zone,
    constraint users_role_known check (role in ('ADMIN', 'MANAGER', 'USER', 'VIEWER')),
    constraint users_email_normal check (email = lower(btrim(email)) and position('@' in email) > 1),
    constraint users_failed_login_attempts_counted check (failed_login_attempts >= 0)
);
comment on table public.users is 'People who can log in.';
comment on column public.users.id is 'Key.';
comment on column public.users.email is 'Address the user logs in with; kept in small letters, without spaces around it.';
comment on column public.users.password_hash is 'Argon2id hash of the password.';
comment on column public.users.role is 'What the user may do: ADMIN, MANAGER, USER or VIEWER.';
comment on column public.users.created_at is 'When the row was written.';
comment on column public.users.last_login is 'When the user last logged in.';
comment on column public.users.is_active is 'False keeps the user out without forgetting what is his.';
comment on column public.users.failed_login_attempts is 'Failed logins since the last successful one, or since the last lock ended.';
comment on column public.users.locked_until is 'No login is accepted before this moment.';
alter table public.users enable row level security;
alter table public.users force row level security;
create policy users_login_functions on public.users to dawsos_owner
    using (true);
create policy users_self_read on public.users for select
    using (id = (select app.actor_id()));
create policy users_operator on public.users
    using ((select app.is_operator()));
grant select, insert, update, delete on public.users to dawsos_app;

create table app.sessions (
    id_hash bytea primary key,
    user_id uuid not null references public.users (id) on delete cascade,
    created_at timestamp with time zone not null default now(),
    expires_at timestamp with time zone not null,
    last_seen_at timestamp with time zone,
    revoked_at timestamp with time zone,
    user_agent text,
    ip inet,
    constraint sessions_id_hash_is_sha256 check (octet_length(id_hash) = 32),
    constraint sessions_expire_later check (expires_at > created_at)
);
comment on table app.sessions is 'Browser sessions. The id itself is only in the browser''s cookie.';
comment on column app.sessions.id_hash is 'SHA-256 of the session id.';
comment on column app.sessions.user_id is 'Who is logged in.';
comment on column app.sessions.created_at is 'When the row was written.';
comment on column app.sessions.expires_at is 'The session is over from this moment.';
comment on column app.sessions.last_seen_at is 'When the session was last used, to the minute.';
comment on column app.sessions.revoked_at is 'When the session was ended before its time.';
comment on column app.sessions.user_agent is 'What the browser called itself.';
comment on column app.sessions.ip is 'The address the login came from.';
create index sessions_user on app.sessions (user_id);
alter table app.sessions enable row level security;
alter table app.sessions force row level security;
create policy sessions_login_functions on app.sessions to dawsos_owner
    using (true);
create policy sessions_own on app.sessions
    using (user_id = (select app.actor_id()) or (select app.is_operator()));
grant select, insert, delete, update (last_seen_at, revoked_at) on app.sessions to dawsos_app;

create table app.access_tokens (
    id uuid primary key default gen_random_uuid(),
    token_hash bytea not null unique,
    user_id uuid not null references public.users (id) on delete cascade,
    name text not null,
    scopes text[] not null default '{}',
    created_at timestamp with time zone not null default now(),
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    constraint access_tokens_hash_is_sha256 check (octet_length(token_hash) = 32),
    constraint access_tokens_expire_later check (expires_at > created_at)
);
comment on table app.access_tokens is
    'Personal tokens for the API, the command line and MCP. The token itself is shown once and never kept.';
comment on column app.access_tokens.id is 'Key.';
comment on column app.access_tokens.token_hash is 'SHA-256 of the token.';
comment on column app.access_tokens.user_id is 'Who acts when the token is used.';
comment on column app.access_tokens.name is 'What its user calls it.';
comment on column app.access_tokens.scopes is 'The rights the token is limited to; empty: all rights of its user.';
comment on column app.access_tokens.created_at is 'When the row was written.';
comment on column app.access_tokens.expires_at is 'The token is over from this moment; null: never.';
comment on column app.access_tokens.last_used_at is 'When the token was last used, to the minute.';
comment on column app.access_tokens.revoked_at is 'When the token was ended before its time.';
create index access_tokens_user on app.access_tokens (user_id);
alter table app.access_tokens enable row level security;
alter table app.access_tokens force row level security;
create policy access_tokens_login_functions on app.access_tokens to dawsos_owner
    using (true);
create policy access_tokens_own on app.access_tokens
    using (user_id = (select app.actor_id()) or (select app.is_operator()));
grant select, insert, delete, update (name, last_used_at, revoked_at) on app.access_tokens to dawsos_app;

create function app.find_login(login_email text)
    returns table (
        id uuid, password_hash text, role text, is_active boolean,
        failed_login_attempts integer, locked_until timestamp with time zone
    )
    language sql stable security definer
    set search_path = pg_catalog, pg_temp
as $$
    select u.id, u.password_hash, u.role, u.is_active, u.failed_login_attempts, u.locked_until
    from public.users u
    where u.email = lower(btrim(login_email))
$$;
comment on function app.find_login(text) is 'What a login needs to know about the user with this e-mail address, before anybody is logged in.';

create function app.record_failed_login(login_user uuid, moment timestamp with time zone, allowed_attempts integer, lock_for interval)
    returns table (failed_login_attempts integer, locked_until timestamp with time zone)
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    update public.users u
    set failed_login_attempts = case when u.locked_until <= moment then 1 else u.failed_login_attempts + 1 end,
        locked_until = case
            when (case when u.locked_until <= moment then 1 else u.failed_login_attempts + 1 end) >= allowed_attempts
                then moment + lock_for
            when u.locked_until <= moment then null
            else u.locked_until
        end
    where u.id = login_user
    returning u.failed_login_attempts, u.locked_until
$$;
comment on function app.record_failed_login(uuid, timestamp with time zone, integer, interval) is
    'Counts a failed attempt and locks the user for lock_for once allowed_attempts are used up; a lock that has ended starts the count anew.';

create function app.record_login(login_user uuid, moment timestamp with time zone)
    returns void
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    update public.users u
    set last_login = moment, failed_login_attempts = 0, locked_until = null
    where u.id = login_user
$$;
comment on function app.record_login(uuid, timestamp with time zone) is 'Notes a successful login and forgets the failed attempts before it.';

create function app.find_session(session_hash bytea, moment timestamp with time zone)
    returns table (user_id uuid, email text, role text, expires_at timestamp with time zone)
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    with session as (
        select s.user_id, s.expires_at
        from app.sessions s
        where s.id_hash = session_hash and s.revoked_at is null and s.expires_at > moment
    ), seen as (
        -- A minute is fine enough for "last seen", and spares a write for every request.
        update app.sessions s
        set last_seen_at = moment
        where s.id_hash = session_hash and s.revoked_at is null and s.expires_at > moment
            and (s.last_seen_at is null or s.last_seen_at < moment - interval '1 minute')
    )
    select u.id, u.email, u.role, session.expires_at
    from session
    join public.users u on u.id = session.user_id
    where u.is_active
$$;
comment on function app.find_session(bytea, timestamp with time zone) is 'The active user of a live session, found by the SHA-256 of the session id; notes when it was last seen.';

create function app.find_access_token(presented_hash bytea, moment timestamp with time zone)
    returns table (user_id uuid, email text, role text, token_id uuid, scopes text[])
    language sql volatile security definer
    set search_path = pg_catalog, pg_temp
as $$
    with token as (
        select t.id, t.user_id, t.scopes
        from app.access_tokens t
        where t.token_hash = presented_hash and t.revoked_at is null and (t.expires_at is null or t.expires_at > moment)
    ), used as (
        update app.access_tokens t
        set last_used_at = moment
        from token
        where t.id = token.id and (t.last_used_at is null or t.last_used_at < moment - interval '1 minute')
    )
    select u.id, u.email, u.role, token.id, token.scopes
    from token
    join public.users u on u.id = token.user_id
    where u.is_active
$$;
comment on function app.find_access_token(bytea, timestamp with time zone) is 'The active user of a live access token, found by the SHA-256 of the token; notes when it was last used.';

grant execute on function
    app.find_login(text),
    app.record_failed_login(uuid, timestamp with time zone, integer, interval),
    app.record_login(uuid, timestamp with time zone),
    app.find_session(bytea, timestamp with time zone),
    app.find_access_token(bytea, timestamp with time zone)
to dawsos_app;
