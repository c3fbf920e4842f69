-- Corporate actions: proposed and approved for everybody, applied to portfolios.

create table app.corporate_actions (
    id uuid primary key,
    security_id uuid not null references public.securities (id),
    action_type text not null,
    ex_date date not null,
    pay_date date,
    amount_per_share numeric(20,8),
    currency text,
    withholding_rate numeric(12,8),
    split_from numeric(20,8),
    split_to numeric(20,8),
    other_security_id uuid references public.securities (id),
    ratio numeric(20,8),
    cost_share numeric(12,8),
    cash_per_share numeric(20,8),
    share_value numeric(20,8),
    cash_in_lieu_price numeric(20,8),
    boot_rule text,
    status text not null default 'proposed',
    source text not null,
    note text,
    created_at timestamp with time zone not null,
    created_by uuid references public.users (id),
    decided_at timestamp with time zone,
    decided_by uuid references public.users (id),
    constraint corporate_actions_type_known check (action_type in ('DIVIDEND', 'SPLIT', 'SPIN_OFF', 'MERGER', 'SYMBOL_CHANGE')),
    constraint corporate_actions_status_known check (status in ('proposed', 'approved', 'rejected')),
    constraint corporate_actions_decided check ((status = 'proposed') = (decided_at is null)),
    constraint corporate_actions_currency_code check (currency ~ '^[A-Z]{3}$'),
    constraint corporate_actions_withholding_is_fraction check (withholding_rate between 0 and 1),
    constraint corporate_actions_cost_share_is_fraction check (cost_share between 0 and 1),
    constraint corporate_actions_boot_known check (boot_rule in ('gain_up_to_cash', 'part_disposal', 'taxable')),
    constraint corporate_actions_terms_complete check (
        case action_type
            when 'DIVIDEND' then coalesce(amount_per_share > 0, false) and currency is not null
            when 'SPLIT' then coalesce(split_from > 0 and split_to > 0 and split_from <> split_to, false)
            when 'SPIN_OFF' then coalesce(ratio > 0, false) and cost_share is not null and other_security_id is not null
            when 'MERGER' then coalesce(ratio > 0 and other_security_id is not null, false) or coalesce(cash_per_share > 0, false)
            else other_security_id is not null
        end
    ),
    constraint corporate_actions_not_into_itself check (other_security_id <> security_id),
    constraint corporate_actions_paid_after_ex_date check (pay_date >= ex_date)
);
comment on table app.corporate_actions is 'What companies did to their shares: proposed by a source, approved or rejected by an operator. Shared by all users.';
comment on column app.corporate_actions.id is 'Key.';
comment on column app.corporate_actions.security_id is 'The security it concerns.';
comment on column app.corporate_actions.action_type is 'DIVIDEND, SPLIT (also a reverse one), SPIN_OFF, MERGER or SYMBOL_CHANGE.';
comment on column app.corporate_actions.ex_date is 'From this day on a buyer has no part in it: the day its terms take effect.';
comment on column app.corporate_actions.pay_date is 'The day a dividend is paid; its exchange rate counts. Null while it is not known.';
comment on column app.corporate_actions.amount_per_share is 'For a dividend: the gross amount per share, in currency.';
comment on column app.corporate_actions.currency is 'ISO 4217 currency of the amounts per share.';
comment on column app.corporate_actions.withholding_rate is 'For a dividend: the part withheld at the source, as a fraction.';
comment on column app.corporate_actions.split_from is 'For a split: shares before, for each split_to after.';
comment on column app.corporate_actions.split_to is 'For a split: shares after, for each split_from before; fewer in a reverse split.';
comment on column app.corporate_actions.other_security_id is 'The share received: the spun-off company, the buyer, or the successor under a new symbol.';
comment on column app.corporate_actions.ratio is 'New shares per share held.';
comment on column app.corporate_actions.cost_share is 'For a spin-off: the part of the cost that goes with the new shares, as a fraction.';
comment on column app.corporate_actions.cash_per_share is 'For a merger: cash per share held.';
comment on column app.corporate_actions.share_value is 'For a merger: what one new share was worth on the ex-date.';
comment on column app.corporate_actions.cash_in_lieu_price is 'What is paid for one whole new share where only a fraction would be delivered; null when fractions are delivered.';
comment on column app.corporate_actions.boot_rule is 'For a merger in shares and cash, what the cash does to the cost: gain_up_to_cash, part_disposal or taxable.';
comment on column app.corporate_actions.status is 'proposed, approved or rejected; only an approved one can be applied.';
comment on column app.corporate_actions.source is 'Who said so: a provider, a file, or manual.';
comment on column app.corporate_actions.note is 'What else there is to say.';
comment on column app.corporate_actions.created_at is 'When it was proposed.';
comment on column app.corporate_actions.created_by is 'Who proposed it; null for background work.';
comment on column app.corporate_actions.decided_at is 'When it was approved or rejected.';
comment on column app.corporate_actions.decided_by is 'Who decided; null for background work.';
create unique index corporate_actions_once on app.corporate_actions (security_id, action_type, ex_date) where status <> 'rejected';
create index corporate_actions_by_date on app.corporate_actions (ex_date);
create index corporate_actions_other_security on app.corporate_actions (other_security_id) where other_security_id is not null;
create index corporate_actions_created_by on app.corporate_actions (created_by);
create index corporate_actions_decided_by on app.corporate_actions (decided_by);
create trigger corporate_actions_operators_only before insert or update or delete on app.corporate_actions
    for each statement execute function app.require_operator();
grant select, insert, update (status, decided_at, decided_by, pay_date) on app.corporate_actions to dawsos_app;

create table app.corporate_action_applications (
    id uuid primary key,
    corporate_action_id uuid not null references app.corporate_actions (id),
    portfolio_id uuid not null references public.portfolios (id),
    status text not null default 'applied',
    transaction_ids uuid[] not null,
    quantity numeric(20,8) not null,
    applied_at timestamp with time zone not null,
    applied_by uuid references public.users (id),
    reversed_at timestamp with time zone,
    reversed_by uuid references public.users (id),
    reason text,
    constraint corporate_action_applications_status_known check (status in ('applied', 'reversed')),
    constraint corporate_action_applications_reversed check ((status = 'reversed') = (reversed_at is not null))
);
comment on table app.corporate_action_applications is 'Corporate actions booked in a portfolio, and taken back.';
comment on column app.corporate_action_applications.id is 'Key; the references of the entries begin with it.';
comment on column app.corporate_action_applications.corporate_action_id is 'The corporate action.';
comment on column app.corporate_action_applications.portfolio_id is 'The portfolio this belongs to; its owner is who may see the row.';
comment on column app.corporate_action_applications.status is 'applied or reversed.';
comment on column app.corporate_action_applications.transaction_ids is 'The entries that were booked, in order.';
comment on column app.corporate_action_applications.quantity is 'The shares it applied to.';
comment on column app.corporate_action_applications.applied_at is 'When it was booked.';
comment on column app.corporate_action_applications.applied_by is 'Who booked it.';
comment on column app.corporate_action_applications.reversed_at is 'When it was taken back.';
comment on column app.corporate_action_applications.reversed_by is 'Who took it back.';
comment on column app.corporate_action_applications.reason is 'Why it was taken back.';
create unique index corporate_action_applied_once on app.corporate_action_applications (corporate_action_id, portfolio_id)
    where status = 'applied';
create index corporate_action_applications_portfolio on app.corporate_action_applications (portfolio_id);
create index corporate_action_applications_applied_by on app.corporate_action_applications (applied_by);
create index corporate_action_applications_reversed_by on app.corporate_action_applications (reversed_by);
alter table app.corporate_action_applications enable row level security;
alter table app.corporate_action_applications force row level security;
create policy corporate_action_applications_of_portfolio on app.corporate_action_applications
    using ((select app.actor_role()) = 'SYSTEM' or portfolio_id = any (array(select p.id from public.portfolios p)));
grant select, insert, update (status, reversed_at, reversed_by, reason) on app.corporate_action_applications to dawsos_app;
