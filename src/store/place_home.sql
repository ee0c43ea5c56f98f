-- What a place's home page shows: one statement each, all by index.

-- name: home_rounds :many
-- $1 place_id
-- options: int
SELECT r.id, r.title, r.budget, r.ballot_kind, r.most, r.points, r.rule,
       r.utility, r.threshold, r.opens_at, r.closes_at,
       (SELECT count(*) FROM option o
         WHERE o.place_id = r.place_id AND o.round_id = r.id AND o.withdrawn_at IS NULL) AS options
  FROM round r
 WHERE r.place_id = $1 AND r.state = 'open'
 ORDER BY r.closes_at, r.id
 LIMIT 3;

-- Of the newest ideas, those with most comments. Chosen in the index alone; only what is shown
-- is looked up.
-- name: home_ideas :many
-- $1 place_id
-- author: text
SELECT i.id, i.title, i.rough_cost, i.real_cost, i.comments, p.name AS author
  FROM (SELECT newest.id
          FROM (SELECT n.id, n.comments, n.created_at
                  FROM idea n
                 WHERE n.place_id = $1 AND n.state <> 'declined'
                 ORDER BY n.created_at DESC, n.id DESC
                 LIMIT 24) newest
         ORDER BY newest.comments DESC, newest.created_at DESC, newest.id DESC
         LIMIT 5) chosen
  JOIN idea i ON i.place_id = $1 AND i.id = chosen.id
  JOIN person p ON p.place_id = $1 AND p.id = i.author_id
 ORDER BY i.comments DESC, i.created_at DESC, i.id DESC;

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
