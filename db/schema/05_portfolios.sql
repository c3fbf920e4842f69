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
comment on table public.portfolios is 'Portfolios. Whoever owns one is the only one who sees it and everything in it.';
comment on column public.portfolios.id is 'Key.';
comment on column public.portfolios.name is 'What its owner calls it; one of a kind per owner.';
comment on column public.portfolios.base_currency is 'ISO 4217 currency its value is told in.';
comment on column public.portfolios.owner_id is 'The user it belongs to.';
comment on column public.portfolios.created_at is 'When the row was written.';
comment on column public.portfolios.updated_at is 'When the row was last changed.';
comment on column public.portfolios.benchmark_id is 'What it is compared with: the symbol of a security, or a blend.';
comment on column public.portfolios.benchmark_hedged is 'True when the benchmark''s return is taken without its currency''s movement.';
comment on column public.portfolios.cost_basis_method is 'Which lots a sale closes: FIFO, LIFO, HIFO, SPECIFIC or AVERAGE.';
comment on column public.portfolios.is_active is 'False for a portfolio that was put away; its ledger stays.';
comment on column public.portfolios.description is 'What it is for, in its owner''s words.';
comment on column public.portfolios.settings is 'Preferences of its owner for this portfolio.';
comment on column public.portfolios.pricing_policy is 'The policy whose pricing packs it is valued with.';
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
comment on table app.import_batches is 'Files of transactions that were imported.';
comment on column app.import_batches.id is 'Key.';
comment on column app.import_batches.portfolio_id is 'The portfolio they were booked in.';
comment on column app.import_batches.file_name is 'The file''s name.';
comment on column app.import_batches.file_hash is 'SHA-256 of the file.';
comment on column app.import_batches.format is 'The format it was read as.';
comment on column app.import_batches.rows_total is 'Rows in the file.';
comment on column app.import_batches.rows_booked is 'Rows that became transactions.';
comment on column app.import_batches.rows_duplicate is 'Rows that had been booked before.';
comment on column app.import_batches.rows_rejected is 'Rows that were refused.';
comment on column app.import_batches.created_at is 'When it was imported.';
comment on column app.import_batches.created_by is 'The user who imported it.';
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
comment on table public.transactions is
    'The ledger: everything booked, in order. Facts never change; a mistake is reversed and booked anew.';
comment on column public.transactions.id is 'Key.';
comment on column public.transactions.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column public.transactions.transaction_type is
    'BUY, SELL, DIVIDEND, INTEREST, FEE, TAX, DEPOSIT, WITHDRAWAL, TRANSFER_IN, TRANSFER_OUT or SPLIT.';
comment on column public.transactions.security_id is 'The security; null for cash alone.';
comment on column public.transactions.symbol is 'The security''s symbol when the row was written.';
comment on column public.transactions.transaction_date is 'The trade date; with sequence, the order of replay.';
comment on column public.transactions.settlement_date is 'When cash and securities change hands.';
comment on column public.transactions.quantity is 'Units traded or moved, positive; negative on a reversal.';
comment on column public.transactions.price is 'Price per unit, in currency.';
comment on column public.transactions.amount is
    'Signed gross cash: + in, − out, without fee and withholding_tax. Cash effect = amount − fee − withholding_tax, for every type.';
comment on column public.transactions.currency is 'ISO 4217 currency of price, amount, fee and withholding_tax.';
comment on column public.transactions.fee is 'What the broker took; never negative, except on a reversal.';
comment on column public.transactions.narration is 'What it was, in words.';
comment on column public.transactions.source is 'Where the entry came from: manual, the format of a file, …';
comment on column public.transactions.created_at is 'When the row was written.';
comment on column public.transactions.sequence is 'Its number in the portfolio''s ledger, 1, 2, …, in the order of booking.';
comment on column public.transactions.fx_rate is
    'Units of the portfolio''s base currency per unit of currency, frozen on the trade date; exactly 1 for the base currency.';
comment on column public.transactions.amount_base is 'amount in the portfolio''s base currency at fx_rate.';
comment on column public.transactions.ex_date is 'From this day on a buyer has no right to the dividend.';
comment on column public.transactions.pay_date is 'The day the dividend is paid.';
comment on column public.transactions.withholding_tax is 'Tax withheld at the source; never negative, except on a reversal.';
comment on column public.transactions.lot_id is
    'The one lot it concerns, where it concerns one. No foreign key: lots are derived and written anew.';
comment on column public.transactions.lot_selection is 'For SPECIFIC: the lots a sale closes and how much of each.';
comment on column public.transactions.parent_transaction_id is
    'The transaction this one reverses, or the other half of a currency conversion.';
comment on column public.transactions.is_reversal is 'True for an entry that undoes its parent: same facts, signs turned round.';
comment on column public.transactions.split_from is 'Units before the split, for each split_to after it.';
comment on column public.transactions.split_to is 'Units after the split, for each split_from before it.';
comment on column public.transactions.cost_basis is 'For a transfer in of a security: its total cost, in currency.';
comment on column public.transactions.acquisition_date is 'For a transfer in of a security: when it was first acquired.';
comment on column public.transactions.realized_pl is 'Profit realised by a sale in base currency; derived from the lots it closed.';
comment on column public.transactions.realized_pl_price is 'The part of realized_pl that comes from the price.';
comment on column public.transactions.realized_pl_fx is 'The part of realized_pl that comes from the exchange rate.';
comment on column public.transactions.ledger_commit_hash is
    'The ledger''s hash after this entry: SHA-256 of the hash before it and its own canonical bytes.';
comment on column public.transactions.external_ref is
    'The entry''s reference at the broker or in the file; the same one is booked once per portfolio.';
comment on column public.transactions.import_batch_id is 'The import it came with.';
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
comment on table public.lots is 'Tax lots: what was acquired at one time at one cost. Derived from transactions.';
comment on column public.lots.id is 'Key; the id of the transaction that opened the lot.';
comment on column public.lots.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column public.lots.security_id is 'The security.';
comment on column public.lots.symbol is 'The security''s symbol when the row was written.';
comment on column public.lots.qty_open is 'Units still held.';
comment on column public.lots.qty_original is 'Units acquired, in today''s units: a split changes qty_open and qty_original alike.';
comment on column public.lots.cost_basis is 'Total cost of the units still held, in currency, fees of the purchase included.';
comment on column public.lots.acquisition_date is 'When it was acquired.';
comment on column public.lots.currency is 'ISO 4217 currency of cost_basis.';
comment on column public.lots.created_at is 'When the row was written.';
comment on column public.lots.cost_basis_base is 'cost_basis in the portfolio''s base currency, at the rate of the trade date.';
comment on column public.lots.trade_fx_rate is 'Units of base currency per unit of currency on the trade date.';
comment on column public.lots.open_transaction_id is 'The transaction that opened it.';
comment on column public.lots.closed_date is 'The day the last unit left.';
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
comment on table app.lot_disposals is 'What each sale took from each lot. Derived from transactions.';
comment on column app.lot_disposals.sell_transaction_id is 'The sale, or the transfer out.';
comment on column app.lot_disposals.lot_id is 'The lot it took from. No foreign key: lots are derived and written anew.';
comment on column app.lot_disposals.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column app.lot_disposals.quantity is 'Units taken, in units of the day of the sale.';
comment on column app.lot_disposals.proceeds is 'Cash for these units after fees, in the currency of the sale.';
comment on column app.lot_disposals.cost is 'Cost of these units, in the lot''s currency.';
comment on column app.lot_disposals.proceeds_base is 'proceeds in base currency, at the rate of the sale.';
comment on column app.lot_disposals.cost_base is 'cost in base currency, at the rate of the acquisition.';
comment on column app.lot_disposals.gain_price_base is 'The part of the gain that comes from the price, in base currency.';
comment on column app.lot_disposals.gain_fx_base is 'The part of the gain that comes from the exchange rate, in base currency.';
comment on column app.lot_disposals.acquisition_date is 'When the lot was acquired.';
comment on column app.lot_disposals.disposal_date is 'When it was sold.';
comment on column app.lot_disposals.holding_days is 'Days from acquisition to disposal.';
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
    ledger_commit_hash text,
    primary key (portfolio_id, security_id),
    constraint holdings_currency_code check (currency ~ '^[A-Z]{3}$'),
    constraint holdings_current_price_positive check (current_price > 0)
);
comment on table public.holdings is
    'Positions of each portfolio under the latest pricing pack: a snapshot for quick reading, derived from lots and prices.';
comment on column public.holdings.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column public.holdings.security_id is 'The security.';
comment on column public.holdings.symbol is 'The security''s symbol when the row was written.';
comment on column public.holdings.quantity is 'Units held: the sum over the open lots.';
comment on column public.holdings.cost_basis is 'Total cost of these units, in currency.';
comment on column public.holdings.current_price is 'The pack''s close, in the security''s currency; null when it has none.';
comment on column public.holdings.market_value is 'Value in the portfolio''s base currency.';
comment on column public.holdings.unrealized_pl is 'market_value less the cost in base currency.';
comment on column public.holdings.weight is 'Share of the portfolio''s net asset value, as a fraction.';
comment on column public.holdings.currency is 'ISO 4217 currency of cost_basis and current_price.';
comment on column public.holdings.pricing_pack_id is 'The pricing pack this was computed from.';
comment on column public.holdings.asof_date is 'The valuation date.';
comment on column public.holdings.created_at is 'When the row was written.';
comment on column public.holdings.ledger_commit_hash is
    'The ledger state this was computed from (see transactions.ledger_commit_hash).';
create index holdings_security on public.holdings (security_id);
create index holdings_pack on public.holdings (pricing_pack_id);
alter table public.holdings enable row level security;
alter table public.holdings force row level security;
create policy holdings_of_portfolio on public.holdings
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update, delete on public.holdings to dawsos_app;
