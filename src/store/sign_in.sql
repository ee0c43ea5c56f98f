-- Tries to sign in or join.

-- name: sign_in_insert :exec
-- $1 place_id, $2 sign_in_id, $3 text email, $4 text? name, $5 text? next_path
-- $6 bytes link_hash, $7 bytes code_hash, $8 time expires_at
INSERT INTO sign_in (place_id, id, email, name, next_path, link_hash, code_hash, tries, expires_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8);

-- name: sign_in_by_link :one
-- $1 place_id, $2 bytes link_hash
SELECT id, email, name, next_path, code_hash, tries, expires_at, used_at
  FROM sign_in
 WHERE place_id = $1 AND link_hash = $2;

-- name: sign_in_by_id :one
-- $1 place_id, $2 sign_in_id
SELECT id, email, name, next_path, code_hash, tries, expires_at, used_at
  FROM sign_in
 WHERE place_id = $1 AND id = $2;

-- How many mails went to an address of late; they expire 15 minutes after they were written.
-- name: sign_in_recent :one
-- $1 place_id, $2 text email, $3 time quarter, $4 time day
-- quarter: int, day: int
SELECT CAST(coalesce(sum(CASE WHEN expires_at > $3 THEN 1 ELSE 0 END), 0) AS bigint) AS quarter,
       count(*) AS day
  FROM sign_in
 WHERE place_id = $1 AND email = $2 AND expires_at > $4;

-- name: sign_in_wrong :exec
-- $1 place_id, $2 sign_in_id
UPDATE sign_in SET tries = tries + 1 WHERE place_id = $1 AND id = $2;

-- Once only: nothing changes the second time.
-- name: sign_in_use :changed
-- $1 place_id, $2 sign_in_id, $3 time used_at
UPDATE sign_in SET used_at = $3 WHERE place_id = $1 AND id = $2 AND used_at IS NULL;

-- name: sign_in_forget :exec
-- $1 place_id, $2 time before
DELETE FROM sign_in WHERE place_id = $1 AND expires_at < $2;
