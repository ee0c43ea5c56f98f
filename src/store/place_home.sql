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

-- name: home_money :one
-- $1 place_id
-- given: money, pot: money, rounds: money, awards: money
SELECT -CAST(coalesce(sum(CASE WHEN kind = 'source' THEN balance ELSE 0 END), 0) AS bigint) AS given,
       CAST(coalesce(sum(CASE WHEN kind = 'pot' THEN balance ELSE 0 END), 0) AS bigint) AS pot,
       CAST(coalesce(sum(CASE WHEN kind = 'round' THEN balance ELSE 0 END), 0) AS bigint) AS rounds,
       CAST(coalesce(sum(CASE WHEN kind = 'award' THEN balance ELSE 0 END), 0) AS bigint) AS awards
  FROM account
 WHERE place_id = $1;

-- What came to the place (plus) and left it (minus), in the order of days, for the chart.
-- name: home_flow :many
-- $1 place_id
-- amount: money
SELECT e.happened_on, -p.amount AS amount
  FROM account a
  JOIN posting p ON p.place_id = a.place_id AND p.account_id = a.id
  JOIN entry e ON e.place_id = p.place_id AND e.id = p.entry_id
 WHERE a.place_id = $1 AND a.kind IN ('source', 'paid')
 ORDER BY e.happened_on;

-- name: home_decided :many
-- $1 place_id
SELECT r.id, r.title, r.counted_at, o.voters, o.represented, o.total_cost, o.winners
  FROM round r
  JOIN outcome o ON o.place_id = r.place_id AND o.round_id = r.id AND o.official = 1
 WHERE r.place_id = $1 AND r.state = 'counted'
 ORDER BY r.counted_at DESC, r.id
 LIMIT 2;

-- The first winners of the rounds of home_decided.
-- name: home_winners :many
-- $1 place_id, $2 int first
SELECT w.round_id, op.title, op.cost
  FROM (SELECT r.id
          FROM round r
         WHERE r.place_id = $1 AND r.state = 'counted'
         ORDER BY r.counted_at DESC, r.id
         LIMIT 2) latest
  JOIN outcome o ON o.place_id = $1 AND o.round_id = latest.id AND o.official = 1
  JOIN outcome_option w ON w.place_id = $1 AND w.round_id = o.round_id AND w.outcome_id = o.id
       AND w.place_won <= $2
  JOIN option op ON op.place_id = $1 AND op.round_id = w.round_id AND op.number = w.number
 ORDER BY w.round_id, w.place_won;
