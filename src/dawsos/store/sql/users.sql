-- name: add_user -> UUID value
-- Create a user.
insert into users (id, email, password_hash, role)
values (%(id)s, lower(btrim(%(email)s)), %(password_hash)s, %(role)s)
returning id;

-- name: find_user -> UserRecord optional
-- The user with this id, if the actor may see it.
select id, email, role, created_at, last_login, is_active
from users
where id = %(user_id)s;

-- name: list_users -> UserRecord many
-- Every user the actor may see, by e-mail address.
select id, email, role, created_at, last_login, is_active
from users
order by email;

-- name: count_users -> int value
-- How many users the actor may see.
select count(*) from users;

-- name: change_password -> none
-- Replace a user's password hash.
update users
set password_hash = %(password_hash)s
where id = %(user_id)s;

-- name: set_user_active -> none
-- Let a user in, or keep the user out.
update users
set is_active = %(is_active)s
where id = %(user_id)s;

-- name: find_login -> LoginRecord optional
-- What a login needs to know, before anybody is logged in.
select id, password_hash, role, is_active, failed_login_attempts, locked_until
from app.find_login(%(email)s);

-- name: record_failed_login -> FailedLoginRecord optional
-- Count a failed attempt; lock the user when too many are used up.
select failed_login_attempts, locked_until
from app.record_failed_login(%(user_id)s, %(moment)s, %(allowed_attempts)s, %(lock_for)s);

-- name: record_login -> none
-- Note a successful login and forget the failures before it.
select app.record_login(%(user_id)s, %(moment)s);

-- name: open_session -> none
-- Begin a session.
insert into app.sessions (id_hash, user_id, created_at, expires_at, user_agent, ip)
values (%(id_hash)s, %(user_id)s, %(moment)s, %(expires_at)s, %(user_agent)s, %(ip)s);

-- name: find_session -> SessionRecord optional
-- The active user of a live session.
select user_id, email, role, expires_at
from app.find_session(%(id_hash)s, %(moment)s);

-- name: revoke_session -> none
-- End one session.
update app.sessions
set revoked_at = %(moment)s
where id_hash = %(id_hash)s and revoked_at is null;

-- name: revoke_sessions_of_user -> none
-- End every session of a user.
update app.sessions
set revoked_at = %(moment)s
where user_id = %(user_id)s and revoked_at is null;

-- name: add_access_token -> none
-- Keep the hash of a new access token.
insert into app.access_tokens (id, token_hash, user_id, name, scopes, created_at, expires_at)
values (%(id)s, %(token_hash)s, %(user_id)s, %(name)s, %(scopes)s, %(moment)s, %(expires_at)s);

-- name: find_access_token -> TokenLoginRecord optional
-- The active user of a live access token.
select user_id, email, role, token_id, scopes
from app.find_access_token(%(token_hash)s, %(moment)s);

-- name: list_access_tokens -> AccessTokenRecord many
-- A user's access tokens, newest first.
select id, name, scopes, created_at, expires_at, last_used_at, revoked_at
from app.access_tokens
where user_id = %(user_id)s
order by created_at desc, id;

-- name: revoke_access_token -> none
-- End one access token.
update app.access_tokens
set revoked_at = %(moment)s
where id = %(token_id)s and revoked_at is null;
