-- People of a place and what they do for it.

-- name: person_by_email :one
-- $1 place_id, $2 text email
SELECT id, name FROM person WHERE place_id = $1 AND email = $2;

-- name: person_insert :exec
-- $1 place_id, $2 person_id, $3 text name, $4 text? email, $5 time joined_at
INSERT INTO person (place_id, id, name, email, joined_at) VALUES ($1, $2, $3, $4, $5);

-- Twice is no error.
-- name: role_insert :exec
-- $1 place_id, $2 person_id, $3 text role, $4 time since
INSERT INTO role (place_id, person_id, role, since) VALUES ($1, $2, $3, $4)
ON CONFLICT (place_id, person_id, role) DO NOTHING;

-- name: role_list :many
-- $1 place_id
SELECT r.role, p.name
  FROM role r JOIN person p ON p.place_id = r.place_id AND p.id = r.person_id
 WHERE r.place_id = $1
 ORDER BY r.role, r.since, p.name;
