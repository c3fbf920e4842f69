-- Mappings of brokers' files, as users keep them.

create table app.import_mappings (
    user_id uuid not null references public.users (id) on delete cascade,
    name text not null,
    mapping jsonb not null,
    saved_at timestamp with time zone not null default now(),
    primary key (user_id, name),
    constraint import_mappings_name_is_a_word check (name ~ '^[a-z0-9_-]{1,40}$'),
    constraint import_mappings_mapping_named check (jsonb_typeof(mapping) = 'object')
);
comment on table app.import_mappings is 'How a user''s brokers write their CSV files; used for every file whose header has the columns a mapping needs.';
comment on column app.import_mappings.user_id is 'Whose it is.';
comment on column app.import_mappings.name is 'What its user calls it; entries carry it as csv:NAME.';
comment on column app.import_mappings.mapping is 'Columns, types, constants, date format, delimiter, decimal comma.';
comment on column app.import_mappings.saved_at is 'When it was saved.';
alter table app.import_mappings enable row level security;
alter table app.import_mappings force row level security;
create policy import_mappings_own on app.import_mappings
    using (user_id = (select app.actor_id()) or (select app.actor_role()) = 'SYSTEM');
grant select, insert, delete, update (mapping, saved_at) on app.import_mappings to dawsos_app;
