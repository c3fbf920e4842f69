-- name: propose_corporate_action -> none
-- Put a corporate action in the queue, unless the same one is there already.
insert into app.corporate_actions (
    id, security_id, action_type, ex_date, pay_date, amount_per_share, currency, withholding_rate, split_from, split_to, other_security_id, ratio,
    cost_share, cash_per_share, share_value, cash_in_lieu_price, boot_rule, source, note, created_at, created_by
)
values (
    %(id)s, %(security_id)s, %(action_type)s, %(ex_date)s, %(pay_date)s, %(amount_per_share)s, %(currency)s, %(withholding_rate)s,
    %(split_from)s, %(split_to)s, %(other_security_id)s, %(ratio)s, %(cost_share)s, %(cash_per_share)s, %(share_value)s,
    %(cash_in_lieu_price)s, %(boot_rule)s, %(source)s, %(note)s, %(moment)s, %(user_id)s
)
on conflict (security_id, action_type, ex_date) where status <> 'rejected' do nothing;

-- name: decide_corporate_action -> none
-- Approve or reject a proposed corporate action.
update app.corporate_actions
set status = %(status)s, decided_at = %(moment)s, decided_by = %(user_id)s
where id = %(action_id)s and status = 'proposed';

-- name: find_corporate_action -> CorporateActionRecord optional
-- The corporate action with this id.
select a.id, a.security_id, s.symbol, a.action_type, a.ex_date, a.pay_date, a.amount_per_share, a.currency, a.withholding_rate, a.split_from,
    a.split_to, a.other_security_id, o.symbol as other_symbol, a.ratio, a.cost_share, a.cash_per_share, a.share_value, a.cash_in_lieu_price,
    a.boot_rule, a.status, a.source, a.note
from app.corporate_actions a
join public.securities s on s.id = a.security_id
left join public.securities o on o.id = a.other_security_id
where a.id = %(action_id)s;

-- name: corporate_actions_between -> CorporateActionRecord many
-- Corporate actions that take effect in a range of dates, rejected ones left out.
select a.id, a.security_id, s.symbol, a.action_type, a.ex_date, a.pay_date, a.amount_per_share, a.currency, a.withholding_rate, a.split_from,
    a.split_to, a.other_security_id, o.symbol as other_symbol, a.ratio, a.cost_share, a.cash_per_share, a.share_value, a.cash_in_lieu_price,
    a.boot_rule, a.status, a.source, a.note
from app.corporate_actions a
join public.securities s on s.id = a.security_id
left join public.securities o on o.id = a.other_security_id
where a.ex_date between %(first)s and %(last)s and a.status <> 'rejected'
    and (%(security_ids)s::uuid[] is null or a.security_id = any (%(security_ids)s))
order by a.ex_date, s.symbol, a.action_type;

-- name: corporate_action_sources -> str many
-- Who has said anything about some securities.
select distinct a.source
from app.corporate_actions a
where a.security_id = any (%(security_ids)s)
order by a.source;

-- name: add_application -> none
-- Note that a corporate action was booked in a portfolio.
insert into app.corporate_action_applications (id, corporate_action_id, portfolio_id, transaction_ids, quantity, applied_at, applied_by)
values (%(id)s, %(action_id)s, %(portfolio_id)s, %(transaction_ids)s, %(quantity)s, %(moment)s, %(user_id)s);

-- name: reverse_application -> none
-- Note that it was taken back.
update app.corporate_action_applications
set status = 'reversed', reversed_at = %(moment)s, reversed_by = %(user_id)s, reason = %(reason)s
where id = %(application_id)s and status = 'applied';

-- name: list_applications -> ApplicationRecord many
-- What was applied to a portfolio, the newest first.
select a.id, a.corporate_action_id, a.portfolio_id, a.status, a.transaction_ids, a.quantity, a.applied_at, a.reversed_at, a.reason
from app.corporate_action_applications a
where a.portfolio_id = %(portfolio_id)s
order by a.applied_at desc, a.id;
