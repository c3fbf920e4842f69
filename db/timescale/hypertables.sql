-- What TimescaleDB adds where it is there: six hypertables, two of them compressed. Run after every migration; changes nothing when done.
-- Row-level security and compression exclude each other, so portfolio_daily_values is reached through a view of the same name instead.

-- Rows that move into chunks are read under the tables' own policies.
select set_config('app.role', 'SYSTEM', true);

select create_hypertable('public.portfolio_metrics', by_range('date', interval '3 months'),
    create_default_indexes => false, if_not_exists => true, migrate_data => true);
select create_hypertable('public.portfolio_cash_flows', by_range('date', interval '1 year'),
    create_default_indexes => false, if_not_exists => true, migrate_data => true);
select create_hypertable('public.currency_attribution', by_range('asof_date', interval '1 year'),
    create_default_indexes => false, if_not_exists => true, migrate_data => true);
select create_hypertable('public.factor_exposures', by_range('asof_date', interval '1 year'),
    create_default_indexes => false, if_not_exists => true, migrate_data => true);
select create_hypertable('public.macro_indicators', by_range('date', interval '5 years'),
    create_default_indexes => false, if_not_exists => true, migrate_data => true);
-- Three months: few enough chunks for reading a whole history, large enough batches to compress well.
select create_hypertable('public.portfolio_daily_values', by_range('date', interval '3 months'),
    create_default_indexes => false, if_not_exists => true, migrate_data => true);

drop policy if exists portfolio_daily_values_of_portfolio on public.portfolio_daily_values;
alter table public.portfolio_daily_values no force row level security;
alter table public.portfolio_daily_values disable row level security;
revoke all on public.portfolio_daily_values from dawsos_app;

-- It stands first in the application's search path. It reads with its owner's rights, who has no more than the actor's policies on portfolios.
create or replace view app.portfolio_daily_values with (security_barrier) as
select
    v.portfolio_id, v.date, v.nav, v.cash, v.securities_value, v.total_pl, v.daily_pl, v.created_at, v.net_external_flow, v.currency,
    v.pricing_pack_id, v.ledger_commit_hash
from public.portfolio_daily_values v
where (select app.actor_role()) = 'SYSTEM' or v.portfolio_id = any (array(select p.id from public.portfolios p))
with cascaded check option;
grant select, insert, update, delete on app.portfolio_daily_values to dawsos_app;

do $$
declare
    explained record;
begin
    comment on view app.portfolio_daily_values is 'The rows of public.portfolio_daily_values that belong to the actor.';
    for explained in
        select a.attname as name, col_description(a.attrelid, a.attnum) as words
        from pg_attribute a
        where a.attrelid = 'public.portfolio_daily_values'::regclass and a.attnum > 0 and not a.attisdropped
    loop
        execute format('comment on column app.portfolio_daily_values.%I is %L', explained.name, explained.words);
    end loop;
    if not (select h.compression_enabled from timescaledb_information.hypertables h
            where h.hypertable_schema = 'public' and h.hypertable_name = 'portfolio_daily_values') then
        alter table public.portfolio_daily_values
            set (timescaledb.compress, timescaledb.compress_segmentby = 'portfolio_id', timescaledb.compress_orderby = 'date desc');
    end if;
    if not (select h.compression_enabled from timescaledb_information.hypertables h
            where h.hypertable_schema = 'public' and h.hypertable_name = 'macro_indicators') then
        alter table public.macro_indicators
            set (timescaledb.compress, timescaledb.compress_segmentby = 'indicator_name', timescaledb.compress_orderby = 'date desc');
    end if;
end
$$;

select add_compression_policy('public.portfolio_daily_values', interval '30 days', if_not_exists => true);
select add_compression_policy('public.macro_indicators', interval '90 days', if_not_exists => true);
