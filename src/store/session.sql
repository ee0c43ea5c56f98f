-- name: session_place :one
-- $1 text slug
-- all places: the one way from a path to its place, without what only its own pages need
SELECT p.place_id, p.slug, p.name, p.purpose, p.language, p.currency, p.zone, p.people,
       p.last_year, p.imported
  FROM place_slug s JOIN place p ON p.place_id = s.place_id
 WHERE s.slug = $1;

-- The same, and who is signed in there: both in one, as every page asks for them. The + keeps SQLite
-- from looking through all sessions by their end.
-- name: session_enter :one
-- $1 text slug, $2 bytes token_hash, $3 time now
-- all places: as session_place
-- person_id: person_id?, person_name: text?, steward: bool, treasurer: bool
SELECT p.place_id, p.slug, p.name, p.purpose, p.language, p.currency, p.zone, p.people,
       p.last_year, p.imported, w.id AS person_id, w.name AS person_name,
       EXISTS (SELECT 1 FROM role r WHERE r.place_id = x.place_id AND r.person_id = x.person_id
                AND r.role = 'steward') AS steward,
       EXISTS (SELECT 1 FROM role r WHERE r.place_id = x.place_id AND r.person_id = x.person_id
                AND r.role = 'treasurer') AS treasurer
  FROM place_slug s
  JOIN place p ON p.place_id = s.place_id
  LEFT JOIN session x ON x.place_id = p.place_id AND x.token_hash = $2 AND +x.expires_at > $3
  LEFT JOIN person w ON w.place_id = x.place_id AND w.id = x.person_id
 WHERE s.slug = $1;

-- name: session_add :later
-- $1 place_id, $2 bytes token_hash, $3 person_id, $4 time created_at, $5 time expires_at
INSERT INTO session (place_id, token_hash, person_id, created_at, expires_at)
VALUES ($1, $2, $3, $4, $5);

-- name: session_delete :exec
-- $1 place_id, $2 bytes token_hash
DELETE FROM session WHERE place_id = $1 AND token_hash = $2;

-- Those that are over: when somebody came in is nobody's business later.
-- name: session_forget :later
-- $1 place_id, $2 time now
DELETE FROM session WHERE place_id = $1 AND expires_at <= $2;
