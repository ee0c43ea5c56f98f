-- What people say about an idea.

-- name: comment_list :many
-- $1 place_id, $2 idea_id idea, $3 int passed_over, $4 int most
-- author: text
-- Oldest first.
SELECT c.id, c.body, c.created_at, p.name AS author
  FROM comment c
  JOIN person p ON p.place_id = c.place_id AND p.id = c.author_id
 WHERE c.place_id = $1 AND c.idea_id = $2
 ORDER BY c.created_at, c.id
 LIMIT $4 OFFSET $3;

-- name: comment_by_id :one
-- $1 place_id, $2 comment_id comment
SELECT idea_id, author_id, body FROM comment WHERE place_id = $1 AND id = $2;

-- name: comment_added_since :one
-- $1 place_id, $2 person_id author, $3 time since
-- comments: int
SELECT count(*) AS comments FROM comment
 WHERE place_id = $1 AND author_id = $2 AND created_at > $3;

-- name: comment_add :exec
-- $1 place_id, $2 idea_id idea, $3 comment_id comment, $4 person_id author, $5 text body
-- $6 time now, $7 bytes salt
INSERT INTO comment (place_id, idea_id, id, author_id, body, created_at, salt)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: comment_count :changed
-- $1 place_id, $2 idea_id idea
UPDATE idea SET comments = comments + 1 WHERE place_id = $1 AND id = $2;
