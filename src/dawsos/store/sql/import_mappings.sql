-- name: list_import_mappings -> ImportMappingRecord many
-- The mappings of a user, the newest first.
select m.name, m.mapping, m.saved_at
from app.import_mappings m
where m.user_id = %(user_id)s
order by m.saved_at desc, m.name;

-- name: put_import_mapping -> none
-- Keep a mapping; one of the same name is replaced.
insert into app.import_mappings (user_id, name, mapping, saved_at)
values (%(user_id)s, %(name)s, %(mapping)s::jsonb, %(moment)s)
on conflict (user_id, name) do update
set mapping = excluded.mapping, saved_at = excluded.saved_at;

-- name: remove_import_mapping -> none
-- Forget a mapping.
delete from app.import_mappings where user_id = %(user_id)s and name = %(name)s;
