-- Options: what can be chosen in a round.

-- name: option_list :many
-- $1 place_id, $2 round_id
SELECT number, id, label, idea_id, title, summary, cost, withdrawn_at, withdrawn_reason
  FROM option
 WHERE place_id = $1 AND round_id = $2
 ORDER BY number;

-- name: option_by_id :one
-- $1 place_id, $2 round_id, $3 option_id
SELECT number, id, idea_id, title, summary, cost, withdrawn_at, withdrawn_reason
  FROM option
 WHERE place_id = $1 AND round_id = $2 AND id = $3;

-- Only while the round is a draft.
-- name: option_clear :exec
-- $1 place_id, $2 round_id
DELETE FROM option
 WHERE place_id = $1 AND round_id = $2
   AND EXISTS (SELECT 1 FROM round r WHERE r.place_id = $1 AND r.id = $2 AND r.state = 'draft');

-- name: option_insert :exec
-- $1 place_id, $2 round_id, $3 option_id, $4 int number, $5 text label, $6 idea_id? idea
-- $7 text title, $8 text summary, $9 money cost
INSERT INTO option (place_id, round_id, id, number, label, idea_id, title, summary, cost)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: option_withdraw :changed
-- $1 place_id, $2 round_id, $3 option_id, $4 time withdrawn_at, $5 text reason
UPDATE option
   SET withdrawn_at = $4, withdrawn_reason = $5
 WHERE place_id = $1 AND round_id = $2 AND id = $3 AND withdrawn_at IS NULL;

-- Checked ideas that a draft may take: not in another round that runs, nor won before. number
-- and cost are there when this draft has it.
-- name: option_candidates :many
-- $1 place_id, $2 round_id
-- author: text, number: int?, cost: money?
SELECT i.id, i.title, i.body, i.real_cost, i.rough_cost, p.name AS author, o.number AS number,
       o.cost AS cost
  FROM idea i
  JOIN person p ON p.place_id = i.place_id AND p.id = i.author_id
  LEFT JOIN option o ON o.place_id = i.place_id AND o.round_id = $2 AND o.idea_id = i.id
 WHERE i.place_id = $1 AND i.state = 'checked'
   AND NOT EXISTS (SELECT 1 FROM round r
                     JOIN option x ON x.place_id = r.place_id AND x.round_id = r.id
                    WHERE r.place_id = $1 AND r.id <> $2 AND x.idea_id = i.id
                      AND r.state IN ('open', 'settling', 'counting') AND x.withdrawn_at IS NULL)
   AND NOT EXISTS (SELECT 1 FROM project w WHERE w.place_id = $1 AND w.idea_id = i.id)
 ORDER BY i.created_at, i.id
 LIMIT 500;

-- The first idea on a draft's ballot that can't be voted on there any more: judged anew, taken by
-- another round that runs, or won before.
-- name: option_lost :one
-- $1 place_id, $2 round_id
SELECT o.title
  FROM option o
  JOIN idea i ON i.place_id = o.place_id AND i.id = o.idea_id
 WHERE o.place_id = $1 AND o.round_id = $2 AND o.withdrawn_at IS NULL
   AND (i.state <> 'checked'
        OR EXISTS (SELECT 1 FROM option x
                     JOIN round r ON r.place_id = x.place_id AND r.id = x.round_id
                    WHERE x.place_id = $1 AND x.idea_id = o.idea_id AND x.round_id <> $2
                      AND r.state IN ('open', 'settling', 'counting') AND x.withdrawn_at IS NULL)
        OR EXISTS (SELECT 1 FROM project w WHERE w.place_id = $1 AND w.idea_id = o.idea_id))
 ORDER BY o.number
 LIMIT 1;
