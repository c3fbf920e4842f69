-- Pricing packs: immutable prices and rates of one date, and the observations they are built from.

create table app.pricing_policies (
    policy text primary key,
    description text not null,
    price_sources text[] not null,
    rate_sources text[] not null,
    dividend_adjusted boolean not null default false,
    constraint pricing_policies_policy_form check (policy ~ '^[A-Z0-9_]{1,32}$'),
    constraint pricing_policies_name_sources check (cardinality(price_sources) > 0 and cardinality(rate_sources) > 0)
);
comment on table app.pricing_policies is 'The policies pricing packs are built by: which sources prices and rates are taken from.';
comment on column app.pricing_policies.policy is 'Its name, part of the pack''s id unless it is the default policy.';
comment on column app.pricing_policies.description is 'What it is for.';
comment on column app.pricing_policies.price_sources is 'Sources of prices, most preferred first.';
comment on column app.pricing_policies.rate_sources is 'Sources of exchange rates, most preferred first.';
comment on column app.pricing_policies.dividend_adjusted is 'True when its closes have dividends worked in.';
create trigger pricing_policies_operators_only before insert or update or delete on app.pricing_policies
    for each statement execute function app.require_operator();
grant select, insert, update on app.pricing_policies to dawsos_app;

create table public.pricing_packs (
    id text primary key,
    date date not null,
    status text not null default 'PENDING',
    securities_count integer not null default 0,
    fx_pairs_count integer not null default 0,
    created_at timestamp with time zone not null default now(),
    policy text not null default 'ECB_CLOSE',
    hash text,
    edition integer not null default 1,
    revision integer not null default 0,
    superseded_by text references public.pricing_packs (id),
    supersedes_reason text,
    sources_json jsonb,
    freshness text not null default 'warming',
    is_fresh boolean not null default false,
    prewarm_done boolean not null default false,
    reconciliation_passed boolean,
    reconciliation_error_bps numeric(12,8),
    error_message text,
    completed_at timestamp with time zone,
    updated_at timestamp with time zone not null default now(),
    constraint pricing_packs_id_form check (id ~ '^PP_[0-9]{4}-[0-9]{2}-[0-9]{2}(_[A-Z0-9_]+)?$'),
    constraint pricing_packs_status_known check (status in ('PENDING', 'COMPLETE', 'FAILED')),
    constraint pricing_packs_freshness_known check (freshness in ('warming', 'fresh', 'stale', 'error')),
    constraint pricing_packs_counts_not_negative check (securities_count >= 0 and fx_pairs_count >= 0),
    constraint pricing_packs_edition_positive check (edition >= 1),
    constraint pricing_packs_revision_not_negative check (revision >= 0),
    constraint pricing_packs_hash_is_sha256 check (hash ~ '^[0-9a-f]{64}$'),
    constraint pricing_packs_complete_is_hashed check (status <> 'COMPLETE' or hash is not null),
    constraint pricing_packs_fresh_is_complete check (not is_fresh or status = 'COMPLETE'),
    constraint pricing_packs_not_superseded_by_itself check (superseded_by <> id)
);
comment on table public.pricing_packs is
    'Prices and exchange rates of one date under one policy. COMPLETE packs never change; a correction is another pack.';
comment on column public.pricing_packs.id is 'PP_<date>, then _<POLICY> unless it is the default one, then _R<n> for a restatement.';
comment on column public.pricing_packs.date is 'The valuation date.';
comment on column public.pricing_packs.status is 'How far building it has come: PENDING, COMPLETE or FAILED.';
comment on column public.pricing_packs.securities_count is 'How many prices it holds.';
comment on column public.pricing_packs.fx_pairs_count is 'How many exchange rates it holds.';
comment on column public.pricing_packs.created_at is 'When the row was written.';
comment on column public.pricing_packs.policy is 'The policy it was built by.';
comment on column public.pricing_packs.hash is 'SHA-256 over its canonical contents.';
comment on column public.pricing_packs.edition is
    'Grows by one whenever an older date is restated or filled in; the history seen from a pack is, per date, the newest pack with an edition no greater than its own.';
comment on column public.pricing_packs.revision is '0 for the first pack of its date and policy, then 1, 2, … for its restatements.';
comment on column public.pricing_packs.superseded_by is 'The restatement that is in force instead of this pack.';
comment on column public.pricing_packs.supersedes_reason is 'Why it was replaced.';
comment on column public.pricing_packs.sources_json is 'Where its prices and rates came from, and when they were fetched.';
comment on column public.pricing_packs.freshness is 'How it may be served: warming, fresh, stale or error.';
comment on column public.pricing_packs.is_fresh is 'True once it is complete and everything that must be done first has been done.';
comment on column public.pricing_packs.prewarm_done is 'True once the expensive results have been computed from it.';
comment on column public.pricing_packs.reconciliation_passed is
    'Whether every ledger agreed with the database under this pack; null while not checked.';
comment on column public.pricing_packs.reconciliation_error_bps is 'The largest disagreement found, in basis points of net asset value.';
comment on column public.pricing_packs.error_message is 'Why it failed.';
comment on column public.pricing_packs.completed_at is 'When it was completed.';
comment on column public.pricing_packs.updated_at is 'When the row was last changed.';
-- A restatement is built beside the pack it replaces; so one pack in force and one in the making per date and policy.
create unique index pricing_packs_one_in_force on public.pricing_packs (date, policy)
    where superseded_by is null and status = 'COMPLETE';
create unique index pricing_packs_one_in_the_making on public.pricing_packs (date, policy)
    where superseded_by is null and status = 'PENDING';
-- The packs a valuation looks back over, in the order it looks.
create index pricing_packs_history on public.pricing_packs (policy, date desc, edition desc, revision desc) where status = 'COMPLETE';
create index pricing_packs_superseded_by on public.pricing_packs (superseded_by) where superseded_by is not null;
grant select, insert, delete,
    update (status, securities_count, fx_pairs_count, hash, superseded_by, supersedes_reason, sources_json, freshness, is_fresh,
        prewarm_done, reconciliation_passed, reconciliation_error_bps, error_message, completed_at, updated_at)
    on public.pricing_packs to dawsos_app;

create table public.prices (
    pricing_pack_id text not null references public.pricing_packs (id),
    security_id uuid not null references public.securities (id),
    date date not null,
    open numeric(20,8),
    high numeric(20,8),
    low numeric(20,8),
    close numeric(20,8) not null,
    volume bigint,
    currency text not null,
    created_at timestamp with time zone not null default now(),
    source text,
    stale_days integer not null default 0,
    adjusted_for_splits boolean not null default true,
    adjusted_for_dividends boolean not null default false,
    fetched_at timestamp with time zone,
    primary key (pricing_pack_id, security_id),
    constraint prices_positive check (close > 0 and open > 0 and high > 0 and low > 0),
    constraint prices_volume_not_negative check (volume >= 0),
    constraint prices_stale_days_not_negative check (stale_days >= 0),
    constraint prices_currency_code check (currency ~ '^[A-Z]{3}$')
);
comment on table public.prices is 'The closing prices of a pricing pack.';
comment on column public.prices.pricing_pack_id is 'The pricing pack this was computed from.';
comment on column public.prices.security_id is 'The security.';
comment on column public.prices.date is 'The day the close was traded; earlier than the pack''s date when it is carried over a holiday.';
comment on column public.prices.open is 'First price of that day.';
comment on column public.prices.high is 'Highest price of that day.';
comment on column public.prices.low is 'Lowest price of that day.';
comment on column public.prices.close is 'Last price of that day, per unit, in the security''s currency.';
comment on column public.prices.volume is 'Units traded that day.';
comment on column public.prices.currency is 'ISO 4217 currency of the prices.';
comment on column public.prices.created_at is 'When the row was written.';
comment on column public.prices.source is 'Where it comes from.';
comment on column public.prices.stale_days is 'Business days from the trade date to the pack''s date: 0 for a price of the day itself.';
comment on column public.prices.adjusted_for_splits is 'True when later splits are worked into the price.';
comment on column public.prices.adjusted_for_dividends is 'True when later dividends are worked into the price.';
comment on column public.prices.fetched_at is 'When the price was fetched from its source.';
create index idx_prices_security_pack on public.prices (security_id, pricing_pack_id);
grant select, insert, delete on public.prices to dawsos_app;

create table public.fx_rates (
    pricing_pack_id text not null references public.pricing_packs (id),
    base_ccy text not null,
    quote_ccy text not null,
    rate numeric(20,8) not null,
    source text,
    created_at timestamp with time zone not null default now(),
    asof_ts timestamp with time zone,
    policy text,
    primary key (pricing_pack_id, base_ccy, quote_ccy),
    constraint fx_rates_rate_positive check (rate > 0),
    constraint fx_rates_two_currencies check (base_ccy <> quote_ccy),
    constraint fx_rates_base_ccy_code check (base_ccy ~ '^[A-Z]{3}$'),
    constraint fx_rates_quote_ccy_code check (quote_ccy ~ '^[A-Z]{3}$')
);
comment on table public.fx_rates is 'The exchange rates of a pricing pack.';
comment on column public.fx_rates.pricing_pack_id is 'The pricing pack this was computed from.';
comment on column public.fx_rates.base_ccy is 'The currency one unit is taken of.';
comment on column public.fx_rates.quote_ccy is 'The currency the rate counts in.';
comment on column public.fx_rates.rate is 'Units of quote_ccy for one unit of base_ccy.';
comment on column public.fx_rates.source is 'Where it comes from.';
comment on column public.fx_rates.created_at is 'When the row was written.';
comment on column public.fx_rates.asof_ts is 'The moment the rate was fixed for.';
comment on column public.fx_rates.policy is 'The policy of its pack.';
create index idx_fx_rates_pack on public.fx_rates (pricing_pack_id);
grant select, insert, delete on public.fx_rates to dawsos_app;

create table app.price_observations (
    security_id uuid not null references public.securities (id),
    date date not null,
    source text not null,
    open numeric(20,8),
    high numeric(20,8),
    low numeric(20,8),
    close numeric(20,8) not null,
    volume bigint,
    currency text not null,
    fetched_at timestamp with time zone not null default now(),
    primary key (security_id, date, source),
    constraint price_observations_positive check (close > 0 and open > 0 and high > 0 and low > 0),
    constraint price_observations_volume_not_negative check (volume >= 0),
    constraint price_observations_currency_code check (currency ~ '^[A-Z]{3}$')
);
comment on table app.price_observations is 'Prices as sources gave them: what pricing packs are built from.';
comment on column app.price_observations.security_id is 'The security.';
comment on column app.price_observations.date is 'The day it was traded.';
comment on column app.price_observations.source is 'Who gave it.';
comment on column app.price_observations.open is 'First price of that day.';
comment on column app.price_observations.high is 'Highest price of that day.';
comment on column app.price_observations.low is 'Lowest price of that day.';
comment on column app.price_observations.close is 'Last price of that day, per unit.';
comment on column app.price_observations.volume is 'Units traded that day.';
comment on column app.price_observations.currency is 'ISO 4217 currency of the prices.';
comment on column app.price_observations.fetched_at is 'When it was fetched.';
create index price_observations_date on app.price_observations (date);
grant select, insert, update, delete on app.price_observations to dawsos_app;

create table app.rate_observations (
    base_ccy text not null,
    quote_ccy text not null,
    date date not null,
    source text not null,
    rate numeric(20,8) not null,
    fetched_at timestamp with time zone not null default now(),
    primary key (base_ccy, quote_ccy, date, source),
    constraint rate_observations_rate_positive check (rate > 0),
    constraint rate_observations_two_currencies check (base_ccy <> quote_ccy),
    constraint rate_observations_base_ccy_code check (base_ccy ~ '^[A-Z]{3}$'),
    constraint rate_observations_quote_ccy_code check (quote_ccy ~ '^[A-Z]{3}$')
);
comment on table app.rate_observations is 'Exchange rates as sources gave them: what pricing packs are built from.';
comment on column app.rate_observations.base_ccy is 'The currency one unit is taken of.';
comment on column app.rate_observations.quote_ccy is 'The currency the rate counts in.';
comment on column app.rate_observations.date is 'The day it was published for.';
comment on column app.rate_observations.source is 'Who gave it.';
comment on column app.rate_observations.rate is 'Units of quote_ccy for one unit of base_ccy.';
comment on column app.rate_observations.fetched_at is 'When it was fetched.';
create index rate_observations_date on app.rate_observations (date);
grant select, insert, update, delete on app.rate_observations to dawsos_app;

create table app.price_checks (
    security_id uuid not null references public.securities (id),
    date date not null,
    source text not null,
    rule text not null,
    policy text not null,
    close numeric(20,8) not null,
    compared_with text not null,
    compared_close numeric(20,8) not null,
    finding text not null,
    status text not null default 'open',
    note text,
    found_at timestamp with time zone not null,
    decided_at timestamp with time zone,
    primary key (policy, security_id, date, source, rule),
    constraint price_checks_rule_known check (rule in ('unit', 'disagreement', 'outlier', 'stale')),
    constraint price_checks_status_known check (status in ('open', 'accepted', 'quarantined')),
    constraint price_checks_decided_with_a_note check ((status = 'open') = (decided_at is null) and (status = 'open' or note is not null))
);
comment on table app.price_checks is 'Prices that look wrong, by policy: a proposal to quarantine them that somebody has to decide.';
comment on column app.price_checks.security_id is 'The security.';
comment on column app.price_checks.date is 'The day of the price.';
comment on column app.price_checks.source is 'Who gave the price.';
comment on column app.price_checks.rule is 'Which rule found it: unit, disagreement, outlier or stale.';
comment on column app.price_checks.policy is 'The pricing policy whose packs would use it.';
comment on column app.price_checks.close is 'The price.';
comment on column app.price_checks.compared_with is 'What it was compared with: another source, or an earlier day of the same one.';
comment on column app.price_checks.compared_close is 'The price it was compared with.';
comment on column app.price_checks.finding is 'What looks wrong, in words.';
comment on column app.price_checks.status is 'open, accepted (the price is right) or quarantined (no pack uses it any more).';
comment on column app.price_checks.note is 'Why it was decided so.';
comment on column app.price_checks.found_at is 'When the rule found it.';
comment on column app.price_checks.decided_at is 'When it was decided; null while open.';
create index price_checks_security on app.price_checks (security_id);
create index price_checks_open on app.price_checks (policy, date) where status = 'open';
grant select, insert, update, delete on app.price_checks to dawsos_app;

create function app.keep_pack_immutable() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if old.status <> 'COMPLETE' then
        return case when tg_op = 'DELETE' then old else new end;
    end if;
    if tg_op = 'DELETE'
        or (new.id, new.date, new.status, new.securities_count, new.fx_pairs_count, new.created_at, new.policy, new.hash,
            new.edition, new.revision, new.sources_json, new.completed_at)
        is distinct from
           (old.id, old.date, old.status, old.securities_count, old.fx_pairs_count, old.created_at, old.policy, old.hash,
            old.edition, old.revision, old.sources_json, old.completed_at)
        or (old.superseded_by is not null and new.superseded_by is distinct from old.superseded_by)
    then
        raise restrict_violation using
            message = format('Pricing pack %s is complete and never changes.', old.id),
            hint = 'Build a restatement of the same date instead.';
    end if;
    return new;
end
$$;
comment on function app.keep_pack_immutable() is 'Lets only the serving state and the supersession of a COMPLETE pack change.';

create function app.keep_pack_contents_immutable() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    complete_pack text;
begin
    -- The share lock keeps a pack from completing while rows are still being added to it.
    perform 1 from public.pricing_packs p where p.id in (select c.pricing_pack_id from changed c) for share;
    select p.id into complete_pack
    from public.pricing_packs p
    where p.status = 'COMPLETE' and p.id in (select c.pricing_pack_id from changed c)
    limit 1;
    if found then
        raise restrict_violation using
            message = format('Pricing pack %s is complete; its rows in %s never change.', complete_pack, tg_table_name),
            hint = 'Build a restatement of the same date instead.';
    end if;
    return null;
end
$$;
comment on function app.keep_pack_contents_immutable() is 'Refuses any change of prices and rates that belong to a COMPLETE pack.';

create trigger pricing_packs_operators_only before insert or update or delete on public.pricing_packs
    for each statement execute function app.require_operator();
create trigger pricing_packs_immutable before update or delete on public.pricing_packs
    for each row execute function app.keep_pack_immutable();

create trigger prices_operators_only before insert or update or delete on public.prices
    for each statement execute function app.require_operator();
create trigger prices_added after insert on public.prices referencing new table as changed
    for each statement execute function app.keep_pack_contents_immutable();
create trigger prices_changed after update on public.prices referencing old table as changed
    for each statement execute function app.keep_pack_contents_immutable();
create trigger prices_removed after delete on public.prices referencing old table as changed
    for each statement execute function app.keep_pack_contents_immutable();

create trigger fx_rates_operators_only before insert or update or delete on public.fx_rates
    for each statement execute function app.require_operator();
create trigger fx_rates_added after insert on public.fx_rates referencing new table as changed
    for each statement execute function app.keep_pack_contents_immutable();
create trigger fx_rates_changed after update on public.fx_rates referencing old table as changed
    for each statement execute function app.keep_pack_contents_immutable();
create trigger fx_rates_removed after delete on public.fx_rates referencing old table as changed
    for each statement execute function app.keep_pack_contents_immutable();

create trigger price_observations_operators_only before insert or update or delete on app.price_observations
    for each statement execute function app.require_operator();
create trigger rate_observations_operators_only before insert or update or delete on app.rate_observations
    for each statement execute function app.require_operator();
create trigger price_checks_operators_only before insert or update or delete on app.price_checks
    for each statement execute function app.require_operator();
