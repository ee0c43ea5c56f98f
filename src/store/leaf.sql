-- The place's record: public acts as they come in.

-- name: leaf_insert :later
-- $1 place_id, $2 leaf_id, $3 bytes hash, $4 text body
INSERT INTO leaf (place_id, id, hash, body) VALUES ($1, $2, $3, $4);

-- It has no position yet.
-- name: leaf_wait :later
-- $1 place_id, $2 leaf_id
INSERT INTO leaf_waiting (place_id, leaf_id) VALUES ($1, $2);
