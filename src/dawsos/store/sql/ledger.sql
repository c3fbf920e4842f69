-- name: lock_portfolio -> UUID optional
-- Hold a portfolio's ledger for this transaction: one writer at a time.
select p.id
from public.portfolios p
where p.id = %(portfolio_id)s
for no key update;

-- name: ledger_head -> LedgerHead optional
-- The newest entry of a portfolio's ledger.
select t.sequence, t.ledger_commit_hash
from public.transactions t
where t.portfolio_id = %(portfolio_id)s
order by t.sequence desc
limit 1;

-- name: ledger_entry -> LedgerHead optional
-- The entry after which a portfolio's ledger had this hash.
select t.sequence, t.ledger_commit_hash
from public.transactions t
where t.portfolio_id = %(portfolio_id)s and t.ledger_commit_hash = %(commit_hash)s;

-- name: list_transactions -> TransactionRecord many
-- A state of a portfolio's ledger: its entries up to a sequence number, in booking order.
select t.id, t.portfolio_id, t.sequence, t.transaction_type, t.transaction_date, t.currency, t.amount, t.fx_rate, t.security_id, t.symbol,
    t.settlement_date, t.quantity, t.price, t.fee, t.withholding_tax, t.ex_date, t.pay_date, t.cost_basis, t.acquisition_date, t.split_from,
    t.split_to, t.lot_selection, t.is_reversal, t.parent_transaction_id, t.external_ref, t.narration, t.source
from public.transactions t
where t.portfolio_id = %(portfolio_id)s and t.sequence <= coalesce(%(through)s::bigint, 9223372036854775807)
order by t.sequence;

-- name: entries_since -> TransactionRecord many
-- The entries of a portfolio's ledger from a sequence number on, in booking order.
select t.id, t.portfolio_id, t.sequence, t.transaction_type, t.transaction_date, t.currency, t.amount, t.fx_rate, t.security_id, t.symbol,
    t.settlement_date, t.quantity, t.price, t.fee, t.withholding_tax, t.ex_date, t.pay_date, t.cost_basis, t.acquisition_date, t.split_from,
    t.split_to, t.lot_selection, t.is_reversal, t.parent_transaction_id, t.external_ref, t.narration, t.source
from public.transactions t
where t.portfolio_id = %(portfolio_id)s and t.sequence >= %(since)s
order by t.sequence;

-- name: list_ledgers -> TransactionRecord many
-- The ledgers of several portfolios as they stand, each in booking order.
select t.id, t.portfolio_id, t.sequence, t.transaction_type, t.transaction_date, t.currency, t.amount, t.fx_rate, t.security_id, t.symbol,
    t.settlement_date, t.quantity, t.price, t.fee, t.withholding_tax, t.ex_date, t.pay_date, t.cost_basis, t.acquisition_date, t.split_from,
    t.split_to, t.lot_selection, t.is_reversal, t.parent_transaction_id, t.external_ref, t.narration, t.source
from public.transactions t
where t.portfolio_id = any (%(portfolio_ids)s)
order by t.portfolio_id, t.sequence;

-- name: ledger_heads -> PortfolioHead many
-- The newest entry of each of several ledgers.
select distinct on (t.portfolio_id) t.portfolio_id, t.sequence, t.ledger_commit_hash
from public.transactions t
where t.portfolio_id = any (%(portfolio_ids)s)
order by t.portfolio_id, t.sequence desc;

-- name: lots_of -> LotRecord many
-- The lots of several portfolios as they stand, open and closed.
select l.id, l.portfolio_id, l.security_id, l.symbol, l.qty_open, l.qty_original, l.cost_basis, l.cost_basis_base, l.acquisition_date, l.currency,
    l.trade_fx_rate, l.open_transaction_id, l.closed_date
from public.lots l
where l.portfolio_id = any (%(portfolio_ids)s)
order by l.portfolio_id, l.symbol, l.acquisition_date, l.id;

-- name: cash_of -> PortfolioCash many
-- The cash of several portfolios on a date: the plain sum of the cash effects of everything booked.
select t.portfolio_id, t.currency, sum(t.amount - t.fee - t.withholding_tax) as amount
from public.transactions t
where t.portfolio_id = any (%(portfolio_ids)s) and t.transaction_date <= %(day)s
group by t.portfolio_id, t.currency
order by t.portfolio_id, t.currency;

-- name: page_of_transactions -> ListedTransaction many
-- Entries of a portfolio as a person reads them, newest first.
select t.id, t.sequence, t.transaction_type, t.transaction_date, t.settlement_date, t.security_id, t.symbol, t.quantity, t.price, t.amount, t.fee,
    t.withholding_tax, t.currency, t.fx_rate, t.amount_base, t.realized_pl, t.realized_pl_price, t.realized_pl_fx, t.is_reversal,
    t.parent_transaction_id, t.external_ref, t.narration, t.source, t.ledger_commit_hash, t.created_at
from public.transactions t
where t.portfolio_id = %(portfolio_id)s
    and (%(symbol)s::text is null or t.symbol = %(symbol)s)
    and (%(transaction_type)s::text is null or t.transaction_type = %(transaction_type)s)
    and t.transaction_date between coalesce(%(first)s::date, '-infinity') and coalesce(%(last)s::date, 'infinity')
order by t.transaction_date desc, t.sequence desc
limit %(limit)s offset %(offset)s;

-- name: count_transactions -> int value
-- How many entries those filters leave.
select count(*)::bigint
from public.transactions t
where t.portfolio_id = %(portfolio_id)s
    and (%(symbol)s::text is null or t.symbol = %(symbol)s)
    and (%(transaction_type)s::text is null or t.transaction_type = %(transaction_type)s)
    and t.transaction_date between coalesce(%(first)s::date, '-infinity') and coalesce(%(last)s::date, 'infinity');

-- name: add_transactions -> bulk
-- Book entries.
-- staged: id uuid, portfolio_id uuid, sequence bigint, transaction_type text, transaction_date date, settlement_date date, security_id uuid, symbol text, quantity numeric, price numeric, amount numeric, currency text, fee numeric, withholding_tax numeric, fx_rate numeric, amount_base numeric, ex_date date, pay_date date, cost_basis numeric, acquisition_date date, split_from numeric, split_to numeric, lot_selection jsonb, parent_transaction_id uuid, is_reversal boolean, external_ref text, narration text, source text, ledger_commit_hash text, import_batch_id uuid, realized_pl numeric, realized_pl_price numeric, realized_pl_fx numeric, created_at timestamptz
insert into public.transactions (id, portfolio_id, sequence, transaction_type, transaction_date, settlement_date, security_id, symbol, quantity,
    price, amount, currency, fee, withholding_tax, fx_rate, amount_base, ex_date, pay_date, cost_basis, acquisition_date, split_from, split_to,
    lot_selection, parent_transaction_id, is_reversal, external_ref, narration, source, ledger_commit_hash, import_batch_id, realized_pl,
    realized_pl_price, realized_pl_fx, created_at)
select s.id, s.portfolio_id, s.sequence, s.transaction_type, s.transaction_date, s.settlement_date, s.security_id, s.symbol, s.quantity,
    s.price, s.amount, s.currency, s.fee, s.withholding_tax, s.fx_rate, s.amount_base, s.ex_date, s.pay_date, s.cost_basis, s.acquisition_date,
    s.split_from, s.split_to, s.lot_selection, s.parent_transaction_id, s.is_reversal, s.external_ref, s.narration, s.source,
    s.ledger_commit_hash, s.import_batch_id, s.realized_pl, s.realized_pl_price, s.realized_pl_fx, s.created_at
from staged s
order by s.sequence;

-- name: rewrite_realized -> bulk
-- Bring the realised results of booked sales in line with a new matching of lots.
-- staged: transaction_id uuid, realized_pl numeric, realized_pl_price numeric, realized_pl_fx numeric
update public.transactions t
set realized_pl = s.realized_pl, realized_pl_price = s.realized_pl_price, realized_pl_fx = s.realized_pl_fx
from staged s
where t.id = s.transaction_id
    and (t.realized_pl, t.realized_pl_price, t.realized_pl_fx) is distinct from (s.realized_pl, s.realized_pl_price, s.realized_pl_fx);

-- name: remove_lots -> none
-- Clear a portfolio's lots before they are written anew.
delete from public.lots where portfolio_id = %(portfolio_id)s;

-- name: add_lots -> bulk
-- The lots of a portfolio.
-- staged: id uuid, portfolio_id uuid, security_id uuid, symbol text, qty_open numeric, qty_original numeric, cost_basis numeric, cost_basis_base numeric, acquisition_date date, currency text, trade_fx_rate numeric, open_transaction_id uuid, closed_date date
insert into public.lots (id, portfolio_id, security_id, symbol, qty_open, qty_original, cost_basis, cost_basis_base, acquisition_date, currency,
    trade_fx_rate, open_transaction_id, closed_date)
select s.id, s.portfolio_id, s.security_id, s.symbol, s.qty_open, s.qty_original, s.cost_basis, s.cost_basis_base, s.acquisition_date, s.currency,
    s.trade_fx_rate, s.open_transaction_id, s.closed_date
from staged s;

-- name: remove_other_lots -> bulk
-- Take away the lots of a portfolio that are no more.
-- staged: id uuid
delete from public.lots l
where l.portfolio_id = %(portfolio_id)s and not exists (select from staged s where s.id = l.id);

-- name: put_lots -> bulk
-- Bring the lots of a portfolio in line; what did not change is not written.
-- staged: id uuid, portfolio_id uuid, security_id uuid, symbol text, qty_open numeric, qty_original numeric, cost_basis numeric, cost_basis_base numeric, acquisition_date date, currency text, trade_fx_rate numeric, open_transaction_id uuid, closed_date date
insert into public.lots (id, portfolio_id, security_id, symbol, qty_open, qty_original, cost_basis, cost_basis_base, acquisition_date, currency,
    trade_fx_rate, open_transaction_id, closed_date)
select s.id, s.portfolio_id, s.security_id, s.symbol, s.qty_open, s.qty_original, s.cost_basis, s.cost_basis_base, s.acquisition_date, s.currency,
    s.trade_fx_rate, s.open_transaction_id, s.closed_date
from staged s
left join public.lots l on l.id = s.id and l.portfolio_id = s.portfolio_id
where l.id is null
    or (l.security_id, l.symbol, l.qty_open, l.qty_original, l.cost_basis, l.cost_basis_base, l.acquisition_date, l.currency, l.trade_fx_rate,
        l.open_transaction_id, l.closed_date)
    is distinct from (s.security_id, s.symbol, s.qty_open, s.qty_original, s.cost_basis, s.cost_basis_base, s.acquisition_date, s.currency,
        s.trade_fx_rate, s.open_transaction_id, s.closed_date)
on conflict (id) do update
set security_id = excluded.security_id, symbol = excluded.symbol, qty_open = excluded.qty_open, qty_original = excluded.qty_original,
    cost_basis = excluded.cost_basis, cost_basis_base = excluded.cost_basis_base, acquisition_date = excluded.acquisition_date,
    currency = excluded.currency, trade_fx_rate = excluded.trade_fx_rate, open_transaction_id = excluded.open_transaction_id,
    closed_date = excluded.closed_date;

-- name: list_lots -> LotRecord many
-- A portfolio's lots as they stand, open ones only or all.
select l.id, l.portfolio_id, l.security_id, l.symbol, l.qty_open, l.qty_original, l.cost_basis, l.cost_basis_base, l.acquisition_date, l.currency,
    l.trade_fx_rate, l.open_transaction_id, l.closed_date
from public.lots l
where l.portfolio_id = %(portfolio_id)s and (l.qty_open > 0 or not %(open_only)s)
order by l.symbol, l.acquisition_date, l.id;

-- name: remove_disposals -> none
-- Clear a portfolio's disposals before they are written anew.
delete from app.lot_disposals where portfolio_id = %(portfolio_id)s;

-- name: add_disposals -> bulk
-- What each sale took from each lot.
-- staged: sell_transaction_id uuid, lot_id uuid, portfolio_id uuid, quantity numeric, proceeds numeric, cost numeric, proceeds_base numeric, cost_base numeric, gain_price_base numeric, gain_fx_base numeric, acquisition_date date, disposal_date date, holding_days integer
insert into app.lot_disposals (sell_transaction_id, lot_id, portfolio_id, quantity, proceeds, cost, proceeds_base, cost_base, gain_price_base,
    gain_fx_base, acquisition_date, disposal_date, holding_days)
select s.sell_transaction_id, s.lot_id, s.portfolio_id, s.quantity, s.proceeds, s.cost, s.proceeds_base, s.cost_base, s.gain_price_base,
    s.gain_fx_base, s.acquisition_date, s.disposal_date, s.holding_days
from staged s;

-- name: remove_other_disposals -> bulk
-- Take away the disposals of a portfolio that are no more.
-- staged: sell_transaction_id uuid, lot_id uuid
delete from app.lot_disposals d
where d.portfolio_id = %(portfolio_id)s
    and not exists (select from staged s where s.sell_transaction_id = d.sell_transaction_id and s.lot_id = d.lot_id);

-- name: put_disposals -> bulk
-- Bring the disposals of a portfolio in line; what did not change is not written.
-- staged: sell_transaction_id uuid, lot_id uuid, portfolio_id uuid, quantity numeric, proceeds numeric, cost numeric, proceeds_base numeric, cost_base numeric, gain_price_base numeric, gain_fx_base numeric, acquisition_date date, disposal_date date, holding_days integer
insert into app.lot_disposals (sell_transaction_id, lot_id, portfolio_id, quantity, proceeds, cost, proceeds_base, cost_base, gain_price_base,
    gain_fx_base, acquisition_date, disposal_date, holding_days)
select s.sell_transaction_id, s.lot_id, s.portfolio_id, s.quantity, s.proceeds, s.cost, s.proceeds_base, s.cost_base, s.gain_price_base,
    s.gain_fx_base, s.acquisition_date, s.disposal_date, s.holding_days
from staged s
left join app.lot_disposals d
    on d.sell_transaction_id = s.sell_transaction_id and d.lot_id = s.lot_id and d.portfolio_id = s.portfolio_id
where d.lot_id is null
    or (d.quantity, d.proceeds, d.cost, d.proceeds_base, d.cost_base, d.gain_price_base, d.gain_fx_base, d.acquisition_date, d.disposal_date,
        d.holding_days)
    is distinct from (s.quantity, s.proceeds, s.cost, s.proceeds_base, s.cost_base, s.gain_price_base, s.gain_fx_base, s.acquisition_date,
        s.disposal_date, s.holding_days)
on conflict (sell_transaction_id, lot_id) do update
set quantity = excluded.quantity, proceeds = excluded.proceeds, cost = excluded.cost, proceeds_base = excluded.proceeds_base,
    cost_base = excluded.cost_base, gain_price_base = excluded.gain_price_base, gain_fx_base = excluded.gain_fx_base,
    acquisition_date = excluded.acquisition_date, disposal_date = excluded.disposal_date, holding_days = excluded.holding_days;

-- name: remove_other_cash_flows -> bulk
-- Take away the daily cash flows of a portfolio that are no more.
-- staged: date date, flow_type text
delete from portfolio_cash_flows f
where f.portfolio_id = %(portfolio_id)s and not exists (select from staged s where s.date = f.date and s.flow_type = f.flow_type);

-- name: put_cash_flows -> bulk
-- Bring the daily net cash flows of a portfolio in line; what did not change is not written.
-- staged: portfolio_id uuid, date date, flow_type text, amount numeric, currency text, description text, transaction_count integer
insert into portfolio_cash_flows (portfolio_id, date, flow_type, amount, currency, description, transaction_count)
select s.portfolio_id, s.date, s.flow_type, s.amount, s.currency, s.description, s.transaction_count
from staged s
left join portfolio_cash_flows f on f.portfolio_id = s.portfolio_id and f.date = s.date and f.flow_type = s.flow_type
where f.date is null
    or (f.amount, f.currency, f.description, f.transaction_count) is distinct from (s.amount, s.currency, s.description, s.transaction_count)
on conflict (portfolio_id, date, flow_type) do update
set amount = excluded.amount, currency = excluded.currency, description = excluded.description,
    transaction_count = excluded.transaction_count;

-- name: supersede_snapshots -> none
-- The ledger has moved on: its earlier snapshots are no longer the latest.
update public.ledger_snapshots
set status = 'superseded', superseded_by = %(successor)s
where portfolio_id = %(portfolio_id)s and status = 'parsed' and id <> %(successor)s;

-- name: add_snapshot -> none
-- Record a state of the ledger.
insert into public.ledger_snapshots (id, portfolio_id, commit_hash, file_paths, file_hash, transaction_count, account_count, earliest_date, latest_date,
    status, parsed_at)
values (%(id)s, %(portfolio_id)s, %(commit_hash)s, %(file_paths)s, %(file_hash)s, %(transaction_count)s, %(account_count)s, %(earliest_date)s,
    %(latest_date)s, 'parsed', %(moment)s);

-- name: add_postings -> bulk
-- The postings of the entries a snapshot added.
-- staged: snapshot_id uuid, portfolio_id uuid, transaction_date date, transaction_index integer, posting_index integer, narration text, account text, commodity text, quantity numeric, price numeric, price_commodity text, cost numeric, cost_commodity text, transaction_type text
insert into public.ledger_transactions (snapshot_id, portfolio_id, transaction_date, transaction_index, posting_index, narration, account, commodity,
    quantity, price, price_commodity, cost, cost_commodity, transaction_type)
select s.snapshot_id, s.portfolio_id, s.transaction_date, s.transaction_index, s.posting_index, s.narration, s.account, s.commodity, s.quantity,
    s.price, s.price_commodity, s.cost, s.cost_commodity, s.transaction_type
from staged s;

-- name: add_import_batch -> none
-- Record that a file was imported.
insert into app.import_batches (id, portfolio_id, file_name, file_hash, format, rows_total, rows_booked, rows_duplicate, rows_rejected, created_at, created_by)
values (%(id)s, %(portfolio_id)s, %(file_name)s, %(file_hash)s, %(format)s, %(rows_total)s, %(rows_booked)s, %(rows_duplicate)s, 0, %(moment)s, %(created_by)s);

-- name: find_import_batch -> ImportBatchRecord optional
-- The import of a file with these very bytes into a portfolio.
select b.id, b.file_name, b.rows_total, b.rows_booked, b.created_at
from app.import_batches b
where b.portfolio_id = %(portfolio_id)s and b.file_hash = %(file_hash)s
order by b.created_at
limit 1;

-- name: list_import_batches -> ListedBatch many
-- What was imported into a portfolio, the newest first, and how much of it no reversal has undone.
select b.id, b.file_name, b.format, b.rows_total, b.rows_booked, b.rows_duplicate, b.created_at, (
    select count(*)
    from public.transactions t
    where t.import_batch_id = b.id and not t.is_reversal
        and not exists (select from public.transactions r where r.parent_transaction_id = t.id and r.is_reversal)
)::bigint as standing
from app.import_batches b
where b.portfolio_id = %(portfolio_id)s
order by b.created_at desc, b.id;

-- name: batch_entries -> UUID many
-- The entries of an import that no reversal has undone, in booking order.
select t.id
from public.transactions t
where t.portfolio_id = %(portfolio_id)s and t.import_batch_id = %(batch_id)s and not t.is_reversal
    and not exists (select from public.transactions r where r.parent_transaction_id = t.id and r.is_reversal)
order by t.sequence;
