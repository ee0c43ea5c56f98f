-- What a place's home page shows: one statement each, all by index.

-- name: home_rounds :many
-- $1 place_id
-- options: int
SELECT r.id, r.title, r.budget, r.ballot_kind, r.most, r.rule, r.opens_at, r.closes_at,
       (SELECT count(*) FROM option o
         WHERE o.place_id = r.place_id AND o.round_id = r.id AND o.withdrawn_at IS NULL) AS options
  FROM round r
 WHERE r.place_id = $1 AND r.state = 'open'
 ORDER BY r.closes_at, r.id
 LIMIT 3;

-- Of the newest ideas, those with most comments.
-- name: home_ideas :many
-- $1 place_id
-- author: text
SELECT n.id, n.title, n.rough_cost, n.real_cost, n.comments, p.name AS author
  FROM (SELECT i.id, i.title, i.rough_cost, i.real_cost, i.comments, i.author_id, i.created_at
          FROM idea i
         WHERE i.place_id = $1 AND i.state <> 'declined'
         ORDER BY i.created_at DESC, i.id
         LIMIT 50) n
  JOIN person p ON p.place_id = $1 AND p.id = n.author_id
 ORDER BY n.comments DESC, n.created_at DESC, n.id
 LIMIT 5;

-- name: home_decided :many
-- $1 place_id
-- outcome: outcome_id
SELECT r.id, r.title, r.counted_at, o.id AS outcome, o.voters, o.represented, o.total_cost, o.winners
  FROM round r
  JOIN outcome o ON o.place_id = r.place_id AND o.round_id = r.id AND o.official = 1
 WHERE r.place_id = $1 AND r.state = 'counted'
 ORDER BY r.counted_at DESC, r.id
 LIMIT 2;

-- The first winners of one count.
-- name: home_winners :many
-- $1 place_id, $2 round_id, $3 outcome_id, $4 int first
SELECT op.title, op.cost
  FROM outcome_option w
  JOIN option op ON op.place_id = $1 AND op.round_id = $2 AND op.number = w.number
 WHERE w.place_id = $1 AND w.round_id = $2 AND w.outcome_id = $3 AND w.place_won <= $4
 ORDER BY w.place_won;
