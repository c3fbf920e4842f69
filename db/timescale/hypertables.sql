-- What TimescaleDB adds where it is there: six hypertables, two of them compressed. Run after every migration; changes nothing when done.
--
-- Chunks inherit a table's grants but not its row policies, and compression excludes policies altogether. So the application has no right
-- on these tables. It works through a view of the same name in schema app, which stands first in its search path: the same condition,
-- now the view's, and a check option for what is written.

create or replace function pg_temp.make_hypertable(name text, day_column text, chunk interval) returns void
    language plpgsql
as $$
declare
    base constant text := format('public.%I', name);
    policy record;
begin
    if exists (select from timescaledb_information.hypertables h where h.hypertable_schema = 'public' and h.hypertable_name = name) then
        return;
    end if;
    for policy in select p.policyname from pg_policies p where p.schemaname = 'public' and p.tablename = name loop
        execute format('drop policy %I on %s', policy.policyname, base);
    end loop;
    execute format('alter table %s no force row level security', base);
    execute format('alter table %s disable row level security', base);
    execute format('revoke insert, update, delete on %s from dawsos_app', base);
    perform create_hypertable(
        base::regclass, day_column, chunk_time_interval => chunk,
        create_default_indexes => false, migrate_data => true
    );
end
$$;

create or replace function pg_temp.make_view(name text, condition text) returns void
    language plpgsql
as $$
declare
    columns constant text := (
        select string_agg(format('t.%I', a.attname), ', ' order by a.attnum)
        from pg_attribute a
        where a.attrelid = format('public.%I', name)::regclass and a.attnum > 0 and not a.attisdropped
    );
    explained record;
begin
    execute format(
        'create or replace view app.%I with (security_barrier) as select %s from public.%I t where %s with cascaded check option',
        name, columns, name, condition
    );
    execute format('grant select, insert, update, delete on app.%I to dawsos_app', name);
    execute format('comment on view app.%I is %L', name, format('The rows of public.%s the actor may see and write.', name));
    for explained in
        select a.attname as column_name, col_description(a.attrelid, a.attnum) as words
        from pg_attribute a
        where a.attrelid = format('public.%I', name)::regclass and a.attnum > 0 and not a.attisdropped
    loop
        execute format('comment on column app.%I.%I is %L', name, explained.column_name, explained.words);
    end loop;
end
$$;

create or replace function pg_temp.make_tenant_view(name text) returns void
    language plpgsql
as $$
begin
    execute format('revoke all on public.%I from dawsos_app', name);
    perform pg_temp.make_view(
        name, '(select app.actor_role()) = ''SYSTEM'' or t.portfolio_id = any (array(select p.id from public.portfolios p))'
    );
end
$$;

create or replace function pg_temp.compress_table(name text, segment text, keep_open interval) returns void
    language plpgsql
as $$
begin
    if not (select h.compression_enabled from timescaledb_information.hypertables h
            where h.hypertable_schema = 'public' and h.hypertable_name = name) then
        execute format(
            'alter table public.%I set (timescaledb.compress, timescaledb.compress_segmentby = %L, timescaledb.compress_orderby = ''date desc'')',
            name, segment
        );
    end if;
    perform add_compression_policy(format('public.%I', name)::regclass, keep_open, if_not_exists => true);
end
$$;

-- Three months a chunk: few enough for reading a whole history, large enough batches to compress well.
select pg_temp.make_hypertable('portfolio_daily_values', 'date', interval '3 months');
select pg_temp.make_hypertable('portfolio_metrics', 'date', interval '3 months');
select pg_temp.make_hypertable('portfolio_cash_flows', 'date', interval '1 year');
select pg_temp.make_hypertable('currency_attribution', 'asof_date', interval '1 year');
select pg_temp.make_hypertable('factor_exposures', 'asof_date', interval '1 year');
select pg_temp.make_hypertable('macro_indicators', 'date', interval '5 years');

select pg_temp.make_tenant_view('portfolio_daily_values');
select pg_temp.make_tenant_view('portfolio_metrics');
select pg_temp.make_tenant_view('portfolio_cash_flows');
select pg_temp.make_tenant_view('currency_attribution');
select pg_temp.make_tenant_view('factor_exposures');
-- Everybody reads it; the trigger on the table says who writes.
select pg_temp.make_view('macro_indicators', 'true');

select pg_temp.compress_table('portfolio_daily_values', 'portfolio_id', interval '30 days');
select pg_temp.compress_table('macro_indicators', 'indicator_name', interval '90 days');

-- The documented view, over what its reader may see.
do $$
declare
    definition constant text := pg_get_viewdef('public.portfolio_currency_attributions'::regclass);
    options constant text := (
        select array_to_string(c.reloptions, ', ') from pg_class c where c.oid = 'public.portfolio_currency_attributions'::regclass
    );
begin
    if position('app.currency_attribution' in definition) = 0 then
        perform set_config('search_path', 'app, public', true);
        execute format(
            'create or replace view public.portfolio_currency_attributions with (%s) as %s',
            options, regexp_replace(definition, '\m(public\.)?currency_attribution\M', 'app.currency_attribution')
        );
    end if;
end
$$;
