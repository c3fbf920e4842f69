-- Foundations: the schema app, who is acting, and the guards that tables share.

create schema app authorization dawsos_owner;
comment on schema app is 'Everything DawsOS keeps beside the documented tables in public.';
revoke create on schema public from public;
grant usage on schema app, public to dawsos_app;
alter default privileges revoke execute on functions from public;

create function app.actor_id() returns uuid
    language sql stable parallel safe
    return nullif(current_setting('app.user_id', true), '')::uuid;
comment on function app.actor_id() is 'The user the current transaction acts for; null when none is set or the actor is SYSTEM.';

create function app.actor_role() returns text
    language sql stable parallel safe
    return nullif(current_setting('app.role', true), '');
comment on function app.actor_role() is 'The role the current transaction acts in; null when no actor is set.';

create function app.is_operator() returns boolean
    language sql stable parallel safe
    return coalesce(current_setting('app.role', true) in ('SYSTEM', 'ADMIN'), false);
comment on function app.is_operator() is 'True when the actor is SYSTEM or an administrator.';

create function app.require_operator() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if not app.is_operator() then
        raise insufficient_privilege using
            message = format('%s may only be changed by SYSTEM or an administrator.', tg_table_name);
    end if;
    return null;
end
$$;
comment on function app.require_operator() is 'Statement trigger of the global tables: everybody reads them, only operators write them.';

create function app.refuse_change() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    raise restrict_violation using
        message = format('Rows of %s are never changed or removed.', tg_table_name);
end
$$;
comment on function app.refuse_change() is 'Trigger of tables whose rows are final once written.';

grant execute on function app.actor_id(), app.actor_role(), app.is_operator() to dawsos_app;
