-- name: observations_to_check -> ObservationToCheck many
-- The closes of a policy's sources in the weeks up to a day, of securities that have one on that very day.
select o.security_id, s.symbol, s.security_type, o.date, o.source, o.close
from app.price_observations o
join public.securities s on s.id = o.security_id
where o.date between %(first)s and %(day)s
    and exists (select from app.price_observations t where t.security_id = o.security_id and t.date = %(day)s and t.source = any (%(sources)s))
order by o.security_id, o.source, o.date;

-- name: add_checks -> bulk
-- Doubts about prices; one that is known keeps what was decided about it unless the price is another by now.
-- staged: policy text, security_id uuid, date date, source text, rule text, close numeric, compared_with text, compared_close numeric, finding text, found_at timestamptz
insert into app.price_checks as c (policy, security_id, date, source, rule, close, compared_with, compared_close, finding, found_at)
select s.policy, s.security_id, s.date, s.source, s.rule, s.close, s.compared_with, s.compared_close, s.finding, s.found_at
from staged s
on conflict (policy, security_id, date, source, rule) do update
set close = excluded.close, compared_with = excluded.compared_with, compared_close = excluded.compared_close, finding = excluded.finding,
    found_at = excluded.found_at, status = 'open', note = null, decided_at = null
where c.close <> excluded.close;

-- name: drop_settled_checks -> none
-- Open doubts about a day that no rule has any more: the price was corrected.
delete from app.price_checks c
where c.policy = %(policy)s and c.date = %(day)s and c.status = 'open'
    and not exists (
        select from unnest(%(security_ids)s::uuid[], %(sources)s::text[], %(rules)s::text[]) as f (security_id, source, rule)
        where f.security_id = c.security_id and f.source = c.source and f.rule = c.rule
    );

-- name: list_checks -> PriceCheckRecord many
-- Doubts about prices of a policy, open ones only or all, newest day first.
select c.policy, c.security_id, s.symbol, c.date, c.source, c.rule, c.close, c.compared_with, c.compared_close, c.finding, c.status, c.note,
    c.found_at, c.decided_at
from app.price_checks c
join public.securities s on s.id = c.security_id
where c.policy = %(policy)s and (c.status = 'open' or not %(open_only)s)
    and c.date between coalesce(%(first)s::date, '-infinity') and coalesce(%(last)s::date, 'infinity')
order by c.date desc, s.symbol, c.source, c.rule;

-- name: decide_check -> none
-- Accept a price, or quarantine it.
update app.price_checks
set status = %(status)s, note = %(note)s, decided_at = %(moment)s
where policy = %(policy)s and security_id = %(security_id)s and date = %(day)s and source = %(source)s;

-- name: quarantined -> QuarantinedPrice many
-- The prices no pack of a policy may use.
select c.security_id, c.date, c.source
from app.price_checks c
where c.policy = %(policy)s and c.status = 'quarantined' and c.date between %(first)s and %(last)s;
