-- A place that moves house: its state on both sides, its path, and the changes behind the copy.

-- here, leaving, arriving; NOT_FOUND: not in this database.
-- name: move_state :one
-- $1 place_id
SELECT state, slug FROM place WHERE place_id = $1;

-- Waits for the deeds of the place that are under way, and none comes after.
-- name: move_state_change :changed
-- $1 place_id, $2 text was, $3 text state
UPDATE place SET state = $3 WHERE place_id = $1 AND state = $2;

-- Whatever it was.
-- name: move_state_set :exec
-- $1 place_id, $2 text state
UPDATE place SET state = $2 WHERE place_id = $1;

-- Also of a place that has left: its path stays taken.
-- name: move_place_by_slug :one
-- $1 text slug
-- all places: from a path to its place
-- state: text?
SELECT s.place_id, p.state AS state
  FROM place_slug s LEFT JOIN place p ON p.place_id = s.place_id
 WHERE s.slug = $1;

-- name: move_slug_put :changed
-- $1 text slug, $2 place_id
INSERT INTO place_slug (slug, place_id) VALUES ($1, $2) ON CONFLICT (slug) DO NOTHING;

-- How many changes are noted and not yet followed.
-- name: move_open :one
-- $1 place_id
-- open: int
SELECT count(*) AS open FROM moved WHERE place_id = $1;

-- The deeds of the place wait until this transaction ends.
-- name: move_hold :one
-- $1 place_id
SELECT state FROM place WHERE place_id = $1 /*pg FOR UPDATE*/;

-- name: move_changes :many
-- $1 place_id, $2 int most
SELECT id, number, key FROM moved WHERE place_id = $1 ORDER BY id LIMIT $2;

-- name: move_change_done :later
-- $1 place_id, $2 change_id
DELETE FROM moved WHERE place_id = $1 AND id = $2;

-- name: move_changes_forget :exec
-- $1 place_id
DELETE FROM moved WHERE place_id = $1;

-- name: move_root :one
-- $1 place_id
SELECT size, root FROM tree_head WHERE place_id = $1 ORDER BY size DESC LIMIT 1;

-- name: move_search_clear :exec
-- $1 place_id
-- sqlite:
DELETE FROM idea_search WHERE rowid IN (SELECT i.id FROM idea i WHERE i.place_id = $1);
-- pg:
DELETE FROM idea_search WHERE place_id = $1;
-- end

-- Ideas' words for full-text search, made again where they arrive.
-- name: move_search_put :exec
-- $1 place_id
-- sqlite:
INSERT OR REPLACE INTO idea_search (rowid, place, title, body)
SELECT id, 'p' || place_id, title, body FROM idea WHERE place_id = $1;
-- pg:
INSERT INTO idea_search (place_id, idea_id, words)
SELECT place_id, id, folkmoot_vector(title, body)
  FROM idea WHERE place_id = $1
    ON CONFLICT (place_id, idea_id) DO UPDATE SET words = excluded.words;
-- end

-- The same for one.
-- name: move_search_put_one :later
-- $1 place_id, $2 idea_id
-- sqlite:
INSERT OR REPLACE INTO idea_search (rowid, place, title, body)
SELECT id, 'p' || place_id, title, body FROM idea WHERE place_id = $1 AND id = $2;
-- pg:
INSERT INTO idea_search (place_id, idea_id, words)
SELECT place_id, id, folkmoot_vector(title, body)
  FROM idea WHERE place_id = $1 AND id = $2
    ON CONFLICT (place_id, idea_id) DO UPDATE SET words = excluded.words;
-- end
