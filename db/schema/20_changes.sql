-- What has changed: a mark for every transaction that changed what answers rest on, so that a kept answer can name what it was made of.

create table app.changes (
    id uuid primary key default gen_random_uuid(),
    user_id uuid,
    mark bigint not null default hashtextextended(gen_random_uuid()::text, 0) & 1152921504606846975,
    created_at timestamp with time zone not null default now()
);
create index changes_user_id_idx on app.changes (user_id);
comment on table app.changes is
    'A random mark for every transaction that changed what answers rest on; the sum of the marks somebody sees names the state of all that person sees.';
comment on column app.changes.id is 'Key.';
comment on column app.changes.user_id is 'Whose data were changed; null when they may be anybody''s. No key to the users: marks outlive them.';
comment on column app.changes.mark is 'A random number of 60 bits, or the sum of several that were summed up, modulo 2^60.';
comment on column app.changes.created_at is 'When it was noted.';
alter table app.changes enable row level security;
alter table app.changes force row level security;
create policy changes_of_user on app.changes for select
    using (
        (select app.is_operator())
        or ((select app.actor_id()) is not null and (user_id is null or user_id = (select app.actor_id())))
    );
create policy changes_noted on app.changes for insert
    with check (user_id is null or user_id = (select app.actor_id()) or (select app.is_operator()));
create policy changes_summed_up on app.changes for delete
    using ((select app.is_operator()));
grant select, insert, delete on app.changes to dawsos_app;
insert into app.changes (user_id) values (null);

-- A row of its own for each transaction: writers never wait for each other, and nobody sees a mark before what it stands for.
create function app.note_change() returns trigger
    language plpgsql
    set search_path = pg_catalog, pg_temp
as $$
declare
    whose uuid := case when app.is_operator() then null else app.actor_id() end;
    word text := coalesce(whose::text, 'everybody') || ' ';
    noted text := coalesce(current_setting('app.changes_noted', true), '');
begin
    if position(word in noted) = 0 then
        insert into app.changes (user_id) values (whose);
        perform set_config('app.changes_noted', noted || word, true);
    end if;
    return null;
end
$$;
comment on function app.note_change() is
    'Statement trigger: notes, once a transaction, that the data of the actor changed, or those of anybody when an operator or nobody acts.';

create trigger securities_note_change after insert or update or delete on public.securities
    for each statement execute function app.note_change();
create trigger pricing_packs_note_change after insert or update or delete on public.pricing_packs
    for each statement execute function app.note_change();
create trigger portfolios_note_change after insert or update or delete on public.portfolios
    for each statement execute function app.note_change();
create trigger transactions_note_change after insert or update or delete on public.transactions
    for each statement execute function app.note_change();
create trigger lots_note_change after insert or update or delete on public.lots
    for each statement execute function app.note_change();
create trigger ledger_snapshots_note_change after insert or update or delete on public.ledger_snapshots
    for each statement execute function app.note_change();
create trigger ledger_transactions_note_change after insert or update or delete on public.ledger_transactions
    for each statement execute function app.note_change();
create trigger reconciliation_results_note_change after insert or update or delete on public.reconciliation_results
    for each statement execute function app.note_change();
create trigger scenario_shocks_note_change after insert or update or delete on public.scenario_shocks
    for each statement execute function app.note_change();
create trigger dar_history_note_change after insert or update or delete on public.dar_history
    for each statement execute function app.note_change();
create trigger rebalance_suggestions_note_change after insert or update or delete on public.rebalance_suggestions
    for each statement execute function app.note_change();
create trigger alerts_note_change after insert or update or delete on public.alerts
    for each statement execute function app.note_change();
create trigger alert_deliveries_note_change after insert or update or delete on public.alert_deliveries
    for each statement execute function app.note_change();
create trigger alert_retries_note_change after insert or update or delete on public.alert_retries
    for each statement execute function app.note_change();
create trigger alert_dlq_note_change after insert or update or delete on public.alert_dlq
    for each statement execute function app.note_change();
create trigger notifications_note_change after insert or update or delete on public.notifications
    for each statement execute function app.note_change();
create trigger dlq_note_change after insert or update or delete on public.dlq
    for each statement execute function app.note_change();
create trigger pricing_policies_note_change after insert or update or delete on app.pricing_policies
    for each statement execute function app.note_change();
create trigger price_observations_note_change after insert or update or delete on app.price_observations
    for each statement execute function app.note_change();
create trigger rate_observations_note_change after insert or update or delete on app.rate_observations
    for each statement execute function app.note_change();
create trigger price_checks_note_change after insert or update or delete on app.price_checks
    for each statement execute function app.note_change();
create trigger import_batches_note_change after insert or update or delete on app.import_batches
    for each statement execute function app.note_change();
create trigger lot_disposals_note_change after insert or update or delete on app.lot_disposals
    for each statement execute function app.note_change();
create trigger broker_statements_note_change after insert or update or delete on app.broker_statements
    for each statement execute function app.note_change();
create trigger period_locks_note_change after insert or update or delete on app.period_locks
    for each statement execute function app.note_change();
create trigger late_entries_note_change after insert or update or delete on app.late_entries
    for each statement execute function app.note_change();
create trigger scenario_definitions_note_change after insert or update or delete on app.scenario_definitions
    for each statement execute function app.note_change();
create trigger job_runs_note_change after insert or update or delete on app.job_runs
    for each statement execute function app.note_change();
create trigger corporate_actions_note_change after insert or update or delete on app.corporate_actions
    for each statement execute function app.note_change();
create trigger corporate_action_applications_note_change after insert or update or delete on app.corporate_action_applications
    for each statement execute function app.note_change();
create trigger reference_revisions_note_change after insert or update or delete on app.reference_revisions
    for each statement execute function app.note_change();
create trigger symbol_overrides_note_change after insert or update or delete on app.symbol_overrides
    for each statement execute function app.note_change();
create trigger source_fetches_note_change after insert or update or delete on app.source_fetches
    for each statement execute function app.note_change();
create trigger import_mappings_note_change after insert or update or delete on app.import_mappings
    for each statement execute function app.note_change();
