-- Holdings name their ledger state, and what shared results rest on is counted.

alter table public.holdings add column ledger_commit_hash text;
comment on column public.holdings.ledger_commit_hash is
    'The ledger state this was computed from (see transactions.ledger_commit_hash).';

create table app.reference_revisions (
    subject text primary key,
    revision bigint not null default 0,
    constraint reference_revisions_subject_known check (subject in ('macro_indicators', 'rating_rubrics', 'fundamentals_snapshots')),
    constraint reference_revisions_revision_not_negative check (revision >= 0)
);
comment on table app.reference_revisions is
    'A counter for each table that shared results are computed from; it grows with every change and is part of their keys.';
comment on column app.reference_revisions.subject is 'The table that is counted.';
comment on column app.reference_revisions.revision is 'How many changes there were.';
create trigger reference_revisions_operators_only before insert or update or delete on app.reference_revisions
    for each statement execute function app.require_operator();
grant select, insert, update, delete on app.reference_revisions to dawsos_app;
select set_config('app.role', 'SYSTEM', true);
insert into app.reference_revisions (subject) values ('macro_indicators'), ('rating_rubrics'), ('fundamentals_snapshots');
select set_config('app.role', '', true);

create function app.count_reference_change() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
begin
    update app.reference_revisions set revision = revision + 1 where subject = tg_table_name;
    return null;
end
$$;
comment on function app.count_reference_change() is 'Statement trigger: counts a change of what shared results are computed from.';

-- Row by row, because hypertables have no transition tables; after the earliest change of a transaction nothing is left to do.
create function app.forget_judgements() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    known_from date := 'infinity';
    done date := coalesce(nullif(current_setting('app.judgements_forgotten_from', true), '')::date, 'infinity');
begin
    if tg_op <> 'INSERT' then
        known_from := coalesce(old.release_date, old.date);
    end if;
    if tg_op <> 'DELETE' then
        known_from := least(known_from, coalesce(new.release_date, new.date));
    end if;
    if known_from < done then
        update app.reference_revisions set revision = revision + 1 where subject = 'macro_indicators';
        delete from public.regime_history where date >= known_from;
        delete from public.cycle_phases where date >= known_from;
        perform set_config('app.judgements_forgotten_from', known_from::text, true);
    end if;
    return null;
end
$$;
comment on function app.forget_judgements() is
    'Row trigger: a figure that became known, changed or went removes the regimes and cycles judged from that day on.';

create trigger macro_indicators_forget_judgements after insert or update or delete on public.macro_indicators
    for each row execute function app.forget_judgements();
create trigger rating_rubrics_count after insert or update or delete on public.rating_rubrics
    for each statement execute function app.count_reference_change();
create trigger fundamentals_snapshots_count after insert or update or delete on app.fundamentals_snapshots
    for each statement execute function app.count_reference_change();
