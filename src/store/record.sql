-- The place's record: leaves get positions, complete subtrees and heads are kept.

-- Places with leaves that wait for a position.
-- name: record_places_waiting :many
-- all places: the sequencer serves them all
SELECT place_id FROM leaf_waiting GROUP BY place_id ORDER BY place_id LIMIT 200;

-- In the order of their random ids: that of nothing else.
-- name: record_waiting :many
-- $1 place_id, $2 int most
SELECT w.leaf_id, l.hash
  FROM leaf_waiting w JOIN leaf l ON l.place_id = w.place_id AND l.id = w.leaf_id
 WHERE w.place_id = $1 ORDER BY w.leaf_id LIMIT $2;

-- name: record_wait_end :later
-- $1 place_id, $2 leaf_id
DELETE FROM leaf_waiting WHERE place_id = $1 AND leaf_id = $2;

-- name: record_position_add :later
-- $1 place_id, $2 int position, $3 leaf_id
INSERT INTO leaf_position (place_id, position, leaf_id) VALUES ($1, $2, $3);

-- name: record_node_add :later
-- $1 place_id, $2 int level, $3 int number, $4 bytes hash
INSERT INTO tree_node (place_id, level, number, hash) VALUES ($1, $2, $3, $4);

-- name: record_node :one
-- $1 place_id, $2 int level, $3 int number
SELECT hash FROM tree_node WHERE place_id = $1 AND level = $2 AND number = $3;

-- name: record_head :one
-- $1 place_id
SELECT size, root, made_at FROM tree_head WHERE place_id = $1 ORDER BY size DESC LIMIT 1;

-- name: record_head_add :later
-- $1 place_id, $2 int size, $3 bytes root, $4 time made_at
INSERT INTO tree_head (place_id, size, root, made_at) VALUES ($1, $2, $3, $4);

-- name: record_heads :each
-- $1 place_id
SELECT size, root FROM tree_head WHERE place_id = $1 ORDER BY size;

-- name: record_waiting_total :one
-- $1 place_id
-- waiting: int
SELECT count(*) AS waiting FROM leaf_waiting WHERE place_id = $1;

-- Newest first, below a position.
-- name: record_list :many
-- $1 place_id, $2 int below, $3 int most
SELECT p.position, l.id, l.body
  FROM leaf_position p JOIN leaf l ON l.place_id = p.place_id AND l.id = p.leaf_id
 WHERE p.place_id = $1 AND p.position < $2 ORDER BY p.position DESC LIMIT $3;

-- In order, for whoever builds the tree again.
-- name: record_leaves :each
-- $1 place_id, $2 int from_position, $3 int to_position
SELECT p.position, l.hash, l.body
  FROM leaf_position p JOIN leaf l ON l.place_id = p.place_id AND l.id = p.leaf_id
 WHERE p.place_id = $1 AND p.position >= $2 AND p.position < $3 ORDER BY p.position;

-- name: record_leaf :one
-- $1 place_id, $2 leaf_id
-- position: int?
SELECT l.hash, l.body, p.position AS position
  FROM leaf l LEFT JOIN leaf_position p ON p.place_id = l.place_id AND p.leaf_id = l.id
 WHERE l.place_id = $1 AND l.id = $2;

-- name: record_leaf_at :one
-- $1 place_id, $2 int position
SELECT l.id, l.hash, l.body
  FROM leaf_position p JOIN leaf l ON l.place_id = p.place_id AND l.id = p.leaf_id
 WHERE p.place_id = $1 AND p.position = $2;
