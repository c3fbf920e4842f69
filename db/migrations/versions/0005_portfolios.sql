-- Portfolios and their ledger: transactions, which never change, and the lots, disposals and holdings derived from them.

create table public.portfolios (
    id uuid primary key default gen_random_uuid(),
    name text not null,
    base_currency text not null,
    owner_id uuid not null references public.users (id),
    created_at timestamp with time zone not null default now(),
    updated_at timestamp with time zone not null default now(),
    benchmark_id text,
    benchmark_hedged boolean not null default false,
    cost_basis_method text not null default 'FIFO',
    is_active boolean not null default true,
    description text,
    settings jsonb not null default '{}',
    pricing_policy text not null default 'ECB_CLOSE',
    constraint portfolios_pricing_policy_form check (pricing_policy ~ '^[A-Z0-9_]{1,32}$'),
    constraint portfolios_one_name_per_owner unique (owner_id, name),
    constraint portfolios_name_length check (char_length(name) between 1 and 255),
    constraint portfolios_description_length check (char_length(description) <= 1000),
    constraint portfolios_base_currency_code check (base_currency ~ '^[A-Z]{3}$'),
    constraint portfolios_cost_basis_method_known check (cost_basis_method in ('FIFO', 'LIFO', 'HIFO', 'SPECIFIC', 'AVERAGE'))
);
alter table public.portfolios enable row level security;
alter table public.portfolios force row level security;
create policy portfolios_of_owner on public.portfolios
    using (owner_id = (select app.actor_id()) or (select app.actor_role()) = 'SYSTEM');
grant select, insert,
    update (name, base_currency, updated_at, benchmark_id, benchmark_hedged, cost_basis_method, is_active, description, settings, pricing_policy)
    on public.portfolios to dawsos_app;

create table app.import_batches (
    id uuid primary key default gen_random_uuid(),
    portfolio_id uuid not null references public.portfolios (id),
    file_name text not null,
    file_hash text not null,
    format text not null,
    rows_total integer not null default 0,
    rows_booked integer not null default 0,
    rows_duplicate integer not null default 0,
    rows_rejected integer not null default 0,
    created_at timestamp with time zone not null default now(),
    created_by uuid references public.users (id),
    constraint import_batches_file_hash_is_sha256 check (file_hash ~ '^[0-9a-f]{64}$'),
    constraint import_batches_counts_add_up check (
        rows_booked >= 0 and rows_duplicate >= 0 and rows_rejected >= 0
        and rows_total = rows_booked + rows_duplicate + rows_rejected
    )
);
create index import_batches_portfolio on app.import_batches (portfolio_id);
create index import_batches_created_by on app.import_batches (created_by);
alter table app.import_batches enable row level security;
alter table app.import_batches force row level security;
create policy import_batches_of_portfolio on app.import_batches
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update (rows_total, rows_booked, rows_duplicate, rows_rejected) on app.import_batches to dawsos_app;

create table public.transactions (
    id uuid primary key default gen_random_uuid(),
    portfolio_id uuid not null references public.portfolios (id),
    transaction_type text not null,
    security_id uuid references public.securities (id),
    symbol text,
    transaction_date date not null,
    settlement_date date,
    quantity numeric(20,8),
    price numeric(20,8),
    amount numeric(20,2) not null,
    currency text not null,
    fee numeric(20,2) not null default 0,
    narration text,
    source text,
    created_at timestamp with time zone not null default now(),
    sequence bigint not null,
    fx_rate numeric(20,8) not null,
    amount_base numeric(20,2),
    ex_date date,
    pay_date date,
    withholding_tax numeric(20,2) not null default 0,
    lot_id uuid,
    lot_selection jsonb,
    parent_transaction_id uuid references public.transactions (id),
    is_reversal boolean not null default false,
    split_from numeric(20,8),
    split_to numeric(20,8),
    cost_basis numeric(20,2),
    acquisition_date date,
    realized_pl numeric(20,2),
    realized_pl_price numeric(20,2),
    realized_pl_fx numeric(20,2),
    ledger_commit_hash text,
    external_ref text,
    import_batch_id uuid references app.import_batches (id),
    constraint transactions_one_sequence unique (portfolio_id, sequence),
    constraint transactions_one_external_ref unique (portfolio_id, external_ref),
    constraint transactions_type_known check (transaction_type in (
        'BUY', 'SELL', 'DIVIDEND', 'INTEREST', 'FEE', 'TAX', 'DEPOSIT', 'WITHDRAWAL', 'TRANSFER_IN', 'TRANSFER_OUT', 'SPLIT'
    )),
    constraint transactions_currency_code check (currency ~ '^[A-Z]{3}$'),
    constraint transactions_sequence_positive check (sequence >= 1),
    constraint transactions_fx_rate_positive check (fx_rate > 0),
    constraint transactions_price_not_negative check (price >= 0),
    constraint transactions_charges_signed check (
        case when is_reversal then fee <= 0 and withholding_tax <= 0 else fee >= 0 and withholding_tax >= 0 end
    ),
    constraint transactions_security_named check (
        transaction_type not in ('BUY', 'SELL', 'DIVIDEND', 'SPLIT') or security_id is not null
    ),
    constraint transactions_trade_has_quantity check (
        transaction_type not in ('BUY', 'SELL') or (quantity is not null and quantity <> 0)
    ),
    constraint transactions_quantity_signed check (case when is_reversal then quantity <= 0 else quantity >= 0 end),
    constraint transactions_amount_signed check (
        case
            when transaction_type in ('BUY', 'TRANSFER_OUT') then case when is_reversal then amount >= 0 else amount <= 0 end
            when transaction_type in ('SELL', 'TRANSFER_IN') then case when is_reversal then amount <= 0 else amount >= 0 end
            when transaction_type = 'DEPOSIT' then case when is_reversal then amount < 0 else amount > 0 end
            when transaction_type = 'WITHDRAWAL' then case when is_reversal then amount > 0 else amount < 0 end
            when transaction_type = 'SPLIT' then amount = 0
            else true
        end
    ),
    constraint transactions_split_has_ratio check (
        case when transaction_type = 'SPLIT' then coalesce(split_from > 0 and split_to > 0, false)
        else split_from is null and split_to is null end
    ),
    constraint transactions_reversal_names_its_parent check (not is_reversal or parent_transaction_id is not null),
    constraint transactions_not_its_own_parent check (parent_transaction_id <> id),
    constraint transactions_ledger_commit_hash_is_sha256 check (ledger_commit_hash ~ '^[0-9a-f]{64}$'),
    constraint transactions_realized_pl_adds_up check (realized_pl = realized_pl_price + realized_pl_fx)
);
create index transactions_replay_order on public.transactions (portfolio_id, transaction_date, sequence);
create unique index transactions_reversed_once on public.transactions (parent_transaction_id) where is_reversal;
create index transactions_parent on public.transactions (parent_transaction_id) where parent_transaction_id is not null;
create index transactions_security on public.transactions (security_id) where security_id is not null;
create index transactions_import_batch on public.transactions (import_batch_id) where import_batch_id is not null;
alter table public.transactions enable row level security;
alter table public.transactions force row level security;
create policy transactions_of_portfolio on public.transactions
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update (realized_pl, realized_pl_price, realized_pl_fx) on public.transactions to dawsos_app;

create function app.complete_transaction() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    if new.sequence is null then
        -- The portfolio's row is the lock that keeps two entries from taking the same number.
        perform 1 from public.portfolios p where p.id = new.portfolio_id for no key update;
        new.sequence := 1 + coalesce((select max(t.sequence) from public.transactions t where t.portfolio_id = new.portfolio_id), 0);
    end if;
    if new.fx_rate is null and new.currency = (select p.base_currency from public.portfolios p where p.id = new.portfolio_id) then
        new.fx_rate := 1;
    end if;
    return new;
end
$$;
comment on function app.complete_transaction() is
    'Numbers an entry that comes without a sequence, and gives base currency its rate of exactly 1; any other missing rate is refused.';

create function app.keep_transaction_facts() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    derived constant text[] := array['realized_pl', 'realized_pl_price', 'realized_pl_fx'];
begin
    if tg_op = 'DELETE' or to_jsonb(new) - derived is distinct from to_jsonb(old) - derived then
        raise restrict_violation using
            message = format('Transaction %s is booked and never changes.', old.id),
            hint = 'Book a reversal and a new entry instead.';
    end if;
    return new;
end
$$;
comment on function app.keep_transaction_facts() is 'Lets only the realised profit, which is derived, change on a booked transaction.';

create trigger transactions_complete before insert on public.transactions
    for each row when (new.sequence is null or new.fx_rate is null) execute function app.complete_transaction();
create trigger transactions_immutable before update or delete on public.transactions
    for each row execute function app.keep_transaction_facts();

create table public.lots (
    id uuid primary key default gen_random_uuid(),
    portfolio_id uuid not null references public.portfolios (id),
    security_id uuid not null references public.securities (id),
    symbol text,
    qty_open numeric(20,8) not null,
    qty_original numeric(20,8) not null,
    cost_basis numeric(20,2) not null,
    acquisition_date date not null,
    currency text not null,
    created_at timestamp with time zone not null default now(),
    cost_basis_base numeric(20,2),
    trade_fx_rate numeric(20,8),
    open_transaction_id uuid references public.transactions (id),
    closed_date date,
    constraint lots_open_within_original check (qty_open >= 0 and qty_open <= qty_original),
    constraint lots_currency_code check (currency ~ '^[A-Z]{3}$'),
    constraint lots_trade_fx_rate_positive check (trade_fx_rate > 0),
    constraint lots_closed_after_acquired check (closed_date >= acquisition_date),
    constraint lots_closed_is_empty check (closed_date is null or qty_open = 0)
);
create index idx_lots_portfolio_open on public.lots (portfolio_id) where qty_open > 0;
create index lots_portfolio_security on public.lots (portfolio_id, security_id);
create index lots_security on public.lots (security_id);
create index lots_open_transaction on public.lots (open_transaction_id);
alter table public.lots enable row level security;
alter table public.lots force row level security;
create policy lots_of_portfolio on public.lots
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update, delete on public.lots to dawsos_app;

create table app.lot_disposals (
    sell_transaction_id uuid not null references public.transactions (id),
    lot_id uuid not null,
    portfolio_id uuid not null references public.portfolios (id),
    quantity numeric(20,8) not null,
    proceeds numeric(20,2) not null,
    cost numeric(20,2) not null,
    proceeds_base numeric(20,2) not null,
    cost_base numeric(20,2) not null,
    gain_price_base numeric(20,2) not null,
    gain_fx_base numeric(20,2) not null,
    acquisition_date date not null,
    disposal_date date not null,
    holding_days integer not null,
    primary key (sell_transaction_id, lot_id),
    constraint lot_disposals_quantity_positive check (quantity > 0),
    constraint lot_disposals_gain_adds_up check (gain_price_base + gain_fx_base = proceeds_base - cost_base),
    constraint lot_disposals_holding_days_counted check (holding_days = disposal_date - acquisition_date)
);
create index lot_disposals_portfolio on app.lot_disposals (portfolio_id, disposal_date);
create index lot_disposals_lot on app.lot_disposals (lot_id);
alter table app.lot_disposals enable row level security;
alter table app.lot_disposals force row level security;
create policy lot_disposals_of_portfolio on app.lot_disposals
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update, delete on app.lot_disposals to dawsos_app;

create table public.holdings (
    portfolio_id uuid not null references public.portfolios (id),
    security_id uuid not null references public.securities (id),
    symbol text,
    quantity numeric(20,8) not null,
    cost_basis numeric(20,2) not null,
    current_price numeric(20,8),
    market_value numeric(20,2),
    unrealized_pl numeric(20,2),
    weight numeric(12,8),
    currency text not null,
    pricing_pack_id text not null references public.pricing_packs (id),
    asof_date date not null,
    created_at timestamp with time zone not null default now(),
    primary key (portfolio_id, security_id),
    constraint holdings_currency_code check (currency ~ '^[A-Z]{3}$'),
    constraint holdings_current_price_positive check (current_price > 0)
);
create index holdings_security on public.holdings (security_id);
create index holdings_pack on public.holdings (pricing_pack_id);
alter table public.holdings enable row level security;
alter table public.holdings force row level security;
create policy holdings_of_portfolio on public.holdings
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update, delete on public.holdings to dawsos_app;
