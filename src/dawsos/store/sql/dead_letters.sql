-- name: pending_dead_letters -> DeadLetter many
-- Messages of a queue that are still to be handled, the oldest first.
select d.id, d.queue_name, d.message::text as message, d.error, d.retry_count, d.created_at, d.status
from dlq d
where d.queue_name like %(queue_name)s and d.status = 'pending'
order by d.created_at, d.id;

-- name: close_dead_letter -> none
-- Note that a message has been handled, or never will be.
update dlq set status = %(status)s, last_attempt_at = %(moment)s
where id = %(letter_id)s and status = 'pending';

-- name: same_letter -> UUID optional
-- An unsettled message of these very contents in a queue.
select d.id
from public.dlq d
where d.queue_name = %(queue_name)s and d.message = %(message)s::jsonb and d.status <> 'resolved'
limit 1
for update;

-- name: add_letter -> none
-- Keep a message that could not be handled.
insert into public.dlq (id, queue_name, message, error, created_at, status, next_attempt_at)
values (%(id)s, %(queue_name)s, %(message)s::jsonb, %(error)s, %(moment)s, 'pending', %(next_attempt_at)s);

-- name: find_letter -> LetterRecord optional
-- One message.
select d.id, d.queue_name, d.message, d.error, d.retry_count, d.created_at, d.last_attempt_at, d.status, d.next_attempt_at
from public.dlq d
where d.id = %(letter_id)s;

-- name: list_letters -> LetterRecord many
-- Messages, oldest first, those still waiting or all.
select d.id, d.queue_name, d.message, d.error, d.retry_count, d.created_at, d.last_attempt_at, d.status, d.next_attempt_at
from public.dlq d
where d.status <> 'resolved' or %(resolved)s
order by d.created_at, d.id
limit %(limit)s;

-- name: claim_letter -> LetterRecord optional
-- Take one message to handle it again, the named one or the next that is due; nobody else can take it until it is settled.
update public.dlq
set status = 'processing', last_attempt_at = %(moment)s
where id = (
    select d.id
    from public.dlq d
    where case
        when %(letter_id)s::uuid is not null then d.id = %(letter_id)s and d.status in ('pending', 'failed')
        else d.status = 'pending' and d.next_attempt_at <= %(moment)s
    end
    order by d.next_attempt_at, d.id
    limit 1
    for update skip locked
)
returning id, queue_name, message, error, retry_count, created_at, last_attempt_at, status, next_attempt_at;

-- name: settle_letter -> none
-- How handling a message again ended.
update public.dlq
set status = %(status)s, error = coalesce(%(error)s, error), retry_count = %(retry_count)s, next_attempt_at = %(next_attempt_at)s
where id = %(letter_id)s;

-- name: free_letters -> none
-- Messages whose handler died with them are due again.
update public.dlq
set status = 'pending', next_attempt_at = %(moment)s
where status = 'processing' and last_attempt_at < %(since)s;

-- name: count_letters -> LetterCount many
-- How many messages wait, by queue.
select d.queue_name, count(*)::bigint as waiting
from public.dlq d
where d.status <> 'resolved'
group by d.queue_name
order by d.queue_name;
