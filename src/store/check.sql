-- What `folkmoot check` replays: facts beside what was made from them.

-- name: check_places :many
-- all places: the operator checks the whole file
SELECT place_id FROM place ORDER BY name, place_id;

-- name: check_accounts :many
-- $1 place_id
SELECT id, name, floor, balance FROM account WHERE place_id = $1 ORDER BY id;

-- In the order in which they were written down.
-- name: check_postings :many
-- $1 place_id
-- account_id: account_id?, amount: money?
SELECT e.id, e.recorded_at, e.client_key, p.account_id, p.amount
  FROM entry e LEFT JOIN posting p ON p.place_id = e.place_id AND p.entry_id = e.id
 WHERE e.place_id = $1 ORDER BY e.recorded_at, e.id, p.line;

-- voted: on the roll and in the box; boxed: ballots that are there.
-- name: check_rounds :many
-- $1 place_id
-- voted: int, boxed: int
SELECT r.id, r.title, r.state, r.ballots, r.rules, r.rules_hash,
       (SELECT CAST(coalesce(sum(l.voted), 0) AS bigint) FROM roll l
         WHERE l.place_id = r.place_id AND l.round_id = r.id AND l.struck = 0) AS voted,
       (SELECT count(*) FROM ballot b
         WHERE b.place_id = r.place_id AND b.round_id = r.id) AS boxed
  FROM round r WHERE r.place_id = $1 ORDER BY r.closes_at, r.id;

-- name: check_comments :many
-- $1 place_id
-- counted: int
SELECT i.id, i.title, i.comments,
       (SELECT count(*) FROM comment c
         WHERE c.place_id = i.place_id AND c.idea_id = i.id) AS counted
  FROM idea i
 WHERE i.place_id = $1
   AND i.comments <> (SELECT count(*) FROM comment c
                       WHERE c.place_id = i.place_id AND c.idea_id = i.id)
 ORDER BY i.id;

-- name: check_leaf_totals :one
-- $1 place_id
-- leaves: int, placed: int, waiting: int, entries: int
SELECT (SELECT count(*) FROM leaf l WHERE l.place_id = $1) AS leaves,
       (SELECT count(*) FROM leaf_position p WHERE p.place_id = $1) AS placed,
       (SELECT count(*) FROM leaf_waiting w WHERE w.place_id = $1) AS waiting,
       (SELECT count(*) FROM entry e WHERE e.place_id = $1) AS entries
  FROM place WHERE place_id = $1;

-- All leaves, also those that wait.
-- name: check_leaves :each
-- $1 place_id
SELECT hash, body FROM leaf WHERE place_id = $1;

-- name: check_entry :one
-- $1 place_id, $2 entry_id
SELECT amount FROM posting WHERE place_id = $1 AND entry_id = $2 AND amount > 0;
