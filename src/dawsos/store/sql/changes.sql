-- name: state_of_changes -> str value
-- The state of everything the actor sees, as the sum, modulo 2^60, of the marks of all changes of it.
select mod(coalesce(sum(c.mark), 0), 1152921504606846976)::text from app.changes c;

-- name: sum_up_changes -> none
-- One mark for many, in their sum; the states they name stay the same. Only operators may.
with summed as (
    delete from app.changes returning user_id, mark
)
insert into app.changes (user_id, mark)
select s.user_id, mod(sum(s.mark), 1152921504606846976) from summed s group by s.user_id;
