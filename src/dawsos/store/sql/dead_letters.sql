-- name: add_dead_letter -> none
-- Keep a message of background work that could not be handled.
insert into dlq (id, queue_name, message, error, retry_count, created_at, last_attempt_at)
values (%(id)s, %(queue_name)s, %(message)s::jsonb, %(error)s, %(retry_count)s, %(moment)s, %(moment)s);

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
