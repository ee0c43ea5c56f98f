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

-- What of a place has a line in its record, beside the lines themselves. Imported rounds have none.
-- name: check_leaf_totals :one
-- $1 place_id
-- leaves: int, placed: int, waiting: int, entries: int, versions: int, judgements: int
-- comments: int, opened: int, counted: int
SELECT (SELECT count(*) FROM leaf l WHERE l.place_id = $1) AS leaves,
       (SELECT count(*) FROM leaf_position p WHERE p.place_id = $1) AS placed,
       (SELECT count(*) FROM leaf_waiting w WHERE w.place_id = $1) AS waiting,
       (SELECT count(*) FROM entry e WHERE e.place_id = $1) AS entries,
       (SELECT count(*) FROM idea_version v WHERE v.place_id = $1) AS versions,
       (SELECT count(*) FROM idea_judgement j WHERE j.place_id = $1) AS judgements,
       (SELECT count(*) FROM comment c WHERE c.place_id = $1) AS comments,
       (SELECT count(*) FROM round r WHERE r.place_id = $1
           AND r.opened_at IS NOT NULL AND r.created_by IS NOT NULL) AS opened,
       (SELECT count(*) FROM round r WHERE r.place_id = $1
           AND r.state = 'counted' AND r.created_by IS NOT NULL) AS counted
  FROM place WHERE place_id = $1;

-- All leaves, also those that wait.
-- name: check_leaves :each
-- $1 place_id
SELECT hash, body FROM leaf WHERE place_id = $1;

-- name: check_entry :one
-- $1 place_id, $2 entry_id
SELECT amount FROM posting WHERE place_id = $1 AND entry_id = $2 AND amount > 0;

-- What lines of the record are about.
-- name: check_version :one
-- $1 place_id, $2 idea_id, $3 int version
SELECT title, body, rough_cost, author_id, salt FROM idea_version
 WHERE place_id = $1 AND idea_id = $2 AND version = $3;

-- name: check_judgement :one
-- $1 place_id, $2 idea_id, $3 int number
SELECT verdict, owner, permission, real_cost, reason, judged_by, salt FROM idea_judgement
 WHERE place_id = $1 AND idea_id = $2 AND number = $3;

-- name: check_comment :one
-- $1 place_id, $2 comment_id
SELECT idea_id, author_id, body, salt FROM comment WHERE place_id = $1 AND id = $2;

-- name: check_round_of_leaf :one
-- $1 place_id, $2 round_id
-- detail: text?, total_cost: money?
SELECT r.rules_hash, r.ballots, o.detail AS detail, o.total_cost AS total_cost
  FROM round r
  LEFT JOIN outcome o ON o.place_id = r.place_id AND o.round_id = r.id AND o.official = 1
 WHERE r.place_id = $1 AND r.id = $2;

-- Ideas that do not say what their newest version says.
-- name: check_ideas :many
-- $1 place_id
SELECT i.id, i.version
  FROM idea i LEFT JOIN idea_version v
    ON v.place_id = i.place_id AND v.idea_id = i.id AND v.version = i.version
 WHERE i.place_id = $1
   AND (v.title IS NULL OR v.title <> i.title OR v.body <> i.body
        OR coalesce(v.rough_cost, -1) <> coalesce(i.rough_cost, -1))
 ORDER BY i.id;
