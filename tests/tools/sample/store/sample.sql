-- Statements of each kind.

-- name: thing_insert :exec
-- $1 place_id, $2 idea_id thing, $3 bool flag, $4 money? cost, $5 time? at
-- $6 bool? maybe, $7 text? words, $8 bytes? raw, $9 int? number
INSERT INTO thing (place_id, id, flag, cost, at, maybe, words, raw, number)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- Parameters may come in any order, and twice.
-- name: thing_get :one
-- $1 place_id, $2 idea_id
SELECT id, flag, cost, at, maybe, words, raw, number
  FROM thing -- it's a remark with a $3 and a ? in it
 WHERE id = $2 AND place_id = $1 AND (place_id = $1 OR 1 = 0);

-- name: thing_numbers :many
-- $1 place_id
-- twice: int?, is_small: bool, label: text?
SELECT t.id, t.number * 2 AS twice, (t.number IS NOT NULL AND t.number < 10) AS is_small, p.label
  FROM thing t
  LEFT JOIN part p ON p.place_id = t.place_id AND p.thing_id = t.id
 WHERE t.place_id = $1
 ORDER BY t.id;

-- name: thing_walk :each
-- $1 place_id
SELECT id, words, raw FROM thing WHERE place_id = $1 ORDER BY id;

-- name: thing_renumber :changed
-- $1 place_id, $2 int number
UPDATE thing SET number = $2 WHERE place_id = $1 AND number IS NOT NULL;

-- total: money must not be NULL, as is said: it is where there is no thing.
-- name: thing_total :one
-- $1 place_id
-- total: money
SELECT CAST(sum(cost) AS bigint) AS total FROM thing WHERE place_id = $1;

-- name: thing_upsert :one
-- $1 place_id, $2 idea_id thing
-- number: int?
INSERT INTO thing (place_id, id, flag, number) VALUES ($1, $2, 1, 1)
    ON CONFLICT (place_id, id) DO UPDATE SET number = thing.number + 1
RETURNING number;

-- name: engine_name :one
-- $1 place_id
-- name: text, quoted: text
SELECT
-- sqlite:
       'sqlite' AS name,
-- pg:
       CAST('pg' AS text) AS name,
-- end
       'a  "b" \ ''c''' AS quoted /*pg FROM (SELECT 1) one*/
 WHERE $1 > 0 /*sqlite AND 1 = 1*/ AND 1 IN (SELECT 1 FROM thing WHERE place_id = $1);

-- name: part_insert :exec
-- $1 place_id, $2 idea_id thing, $3 text label, $4 int? weight
INSERT INTO part (place_id, thing_id, label, weight) VALUES ($1, $2, $3, $4);

-- name: things_of_all :many
-- all places: for the test
SELECT place_id, id FROM thing ORDER BY place_id, id;
