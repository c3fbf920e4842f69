-- name: list_alerts -> AlertRecord many
-- A user's alerts, the newest first.
select a.id, a.portfolio_id, p.name as portfolio_name, a.name, a.alert_type, a.condition_json, a.severity, a.notify_email, a.notify_inapp,
    a.cooldown_hours, a.last_fired_at, a.is_active, a.created_at, a.updated_at
from public.alerts a
left join public.portfolios p on p.id = a.portfolio_id
where a.user_id = %(user_id)s
order by a.created_at desc, a.id;

-- name: find_alert -> AlertRecord optional
-- A user's alert with this id.
select a.id, a.portfolio_id, p.name as portfolio_name, a.name, a.alert_type, a.condition_json, a.severity, a.notify_email, a.notify_inapp,
    a.cooldown_hours, a.last_fired_at, a.is_active, a.created_at, a.updated_at
from public.alerts a
left join public.portfolios p on p.id = a.portfolio_id
where a.id = %(alert_id)s and a.user_id = %(user_id)s;

-- name: count_alerts -> int one
-- How many alerts a user has.
select count(*)::bigint
from public.alerts a
where a.user_id = %(user_id)s;

-- name: add_alert -> none
-- Keep an alert, unless it is there already.
insert into public.alerts (
    id, user_id, portfolio_id, name, alert_type, condition_json, severity, channels, notify_email, notify_inapp, cooldown_hours, created_at,
    updated_at
)
values (
    %(alert_id)s, %(user_id)s, %(portfolio_id)s, %(name)s, %(alert_type)s, %(condition)s::jsonb, %(severity)s, %(channels)s,
    %(notify_email)s, %(notify_inapp)s, %(cooldown_hours)s, %(moment)s, %(moment)s
)
on conflict (id) do nothing;

-- name: set_alert_active -> none
-- Switch an alert on or off.
update public.alerts
set is_active = %(is_active)s, updated_at = %(moment)s
where id = %(alert_id)s and user_id = %(user_id)s;

-- name: delete_alert -> none
-- Delete an alert.
delete from public.alerts
where id = %(alert_id)s and user_id = %(user_id)s;
