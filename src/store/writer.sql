-- What the writer needs for itself: does a place live here, and what was committed last.

-- Deeds are done only where the place is 'here'. Read in each transaction and locked to its end: who
-- sets 'leaving' waits for all deeds before, and meets none afterwards.
-- name: writer_place :one
-- $1 place_id
SELECT state FROM place WHERE place_id = $1 /*pg FOR SHARE*/;

-- Goes with every batch.
-- name: writer_batch_put :later
-- $1 place_id, $2 writer_id, $3 int batch, $4 time now
INSERT INTO writer (place_id, id, batch, written_at) VALUES ($1, $2, $3, $4)
ON CONFLICT (place_id, id) DO UPDATE SET batch = excluded.batch, written_at = excluded.written_at;

-- Waits for a commit of that writer that is still on its way.
-- name: writer_batch :one
-- $1 place_id, $2 writer_id
SELECT batch FROM writer WHERE place_id = $1 AND id = $2 /*pg FOR UPDATE*/;

-- A write, so that its commit proves what came before it to be safe.
-- name: writer_touch :exec
-- $1 place_id, $2 writer_id, $3 time now
UPDATE writer SET written_at = $3 WHERE place_id = $1 AND id = $2;

-- Those of servers that ended long ago.
-- name: writer_forget :exec
-- $1 place_id, $2 time before
DELETE FROM writer WHERE place_id = $1 AND written_at < $2;
