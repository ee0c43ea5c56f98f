-- The outbox.

-- name: mail_insert :exec
-- $1 place_id, $2 mail_id, $3 text recipient, $4 text subject, $5 text body, $6 time created_at
INSERT INTO mail (place_id, id, recipient, subject, body, created_at)
VALUES ($1, $2, $3, $4, $5, $6);

-- name: mail_by_id :one
-- $1 place_id, $2 mail_id
SELECT recipient, subject, body, created_at FROM mail WHERE place_id = $1 AND id = $2;

-- name: mail_delete :exec
-- $1 place_id, $2 mail_id
DELETE FROM mail WHERE place_id = $1 AND id = $2;
