-- name: add_entry -> none
-- Note who did what.
insert into public.audit_log (user_id, action, entity_type, entity_id, entity_ref, changes, ip_address, user_agent, trace_id, created_at)
values (%(user_id)s, %(action)s, %(entity_type)s, %(entity_id)s, %(entity_ref)s, %(changes)s::jsonb, %(ip_address)s::inet, %(user_agent)s,
    %(trace_id)s, %(moment)s);

-- name: newest_entries -> AuditRecord many
-- The newest entries of the audit log.
select a.id, a.user_id, a.action, a.entity_type, a.entity_id, a.entity_ref, a.changes, a.trace_id, a.created_at
from public.audit_log a
order by a.created_at desc, a.id desc
limit %(limit)s;
