-- name: state_of_changes -> str value
-- The state of everything the actor sees, as the sum of the marks of all its changes.
select coalesce(sum(c.mark), 0)::text from app.changes c;

-- name: sum_up_changes -> none
-- One mark for many, in their sum; the states they name stay the same. Only operators may.
with summed as (
    delete from app.changes returning user_id, mark
)
insert into app.changes (user_id, mark)
select s.user_id, sum(s.mark) from summed s group by s.user_id;
