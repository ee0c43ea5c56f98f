-- Rounds: drafted, opened with fixed rules, ended without a count, opened again. How they are
-- closed and counted is in count.sql.

-- Newest first; drafts only for those who make them.
-- name: round_list :many
-- $1 place_id, $2 bool drafts
-- options: int
SELECT r.id, r.title, r.state, r.budget, r.opens_at, r.closes_at, r.counted_at, r.void_reason,
       (SELECT count(*) FROM option o
         WHERE o.place_id = r.place_id AND o.round_id = r.id AND o.withdrawn_at IS NULL) AS options
  FROM round r
 WHERE r.place_id = $1 AND (r.state <> 'draft' OR $2 = 1)
 ORDER BY r.closes_at DESC, r.id
 LIMIT 200;

-- name: round_by_id :one
-- $1 place_id, $2 round_id
-- challenges: int, options: int, dearest: money, replaced_by: round_id?
SELECT r.id, r.title, r.intro, r.state, r.budget, r.ballot_kind, r.most, r.points,
       r.points_each, r.rule, r.utility, r.completion, r.increment, r.ties, r.threshold, r.who_may,
       r.least_age, r.opens_at, r.closes_at, r.opened_at, r.frozen_at, r.counted_at, r.rules_hash, r.void_reason, r.replaces_id,
       r.account_id, r.created_by,
       (SELECT count(*) FROM challenge c
         WHERE c.place_id = r.place_id AND c.round_id = r.id AND c.settled_at IS NULL) AS challenges,
       (SELECT count(*) FROM option o
         WHERE o.place_id = r.place_id AND o.round_id = r.id) AS options,
       (SELECT coalesce(max(o.cost), 0) FROM option o
         WHERE o.place_id = r.place_id AND o.round_id = r.id) AS dearest,
       (SELECT min(n.id) FROM round n
         WHERE n.place_id = r.place_id AND n.replaces_id = r.id) AS replaced_by
  FROM round r
 WHERE r.place_id = $1 AND r.id = $2;

-- The exact bytes that were frozen.
-- name: round_rules :one
-- $1 place_id, $2 round_id
SELECT rules, rules_hash FROM round WHERE place_id = $1 AND id = $2;

-- What is free in the pots of the place.
-- name: round_pot :one
-- $1 place_id
-- balance: money
SELECT CAST(coalesce(sum(balance), 0) AS bigint) AS balance
  FROM account
 WHERE place_id = $1 AND kind = 'pot';

-- name: round_insert :exec
-- $1 place_id, $2 round_id, $3 text title, $4 text intro, $5 money budget, $6 text ballot_kind
-- $7 int? most, $8 text rule, $9 text utility, $10 text completion, $11 money? increment
-- $12 text ties, $13 text who_may, $14 int? least_age, $15 time opens_at, $16 time closes_at
-- $17 round_id? replaces, $18 person_id created_by, $19 time created_at
-- $20 int? points, $21 int? points_each, $22 int? threshold
INSERT INTO round (place_id, id, title, intro, state, budget, ballot_kind, most, rule, utility,
                   completion, increment, ties, who_may, least_age, opens_at, closes_at,
                   replaces_id, created_by, created_at, ballots, points, points_each, threshold)
VALUES ($1, $2, $3, $4, 'draft', $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
        $19, 0, $20, $21, $22);

-- Only a draft: 0 rows otherwise.
-- name: round_change :changed
-- $1 place_id, $2 round_id, $3 text title, $4 text intro, $5 money budget, $6 text ballot_kind
-- $7 int? most, $8 text rule, $9 text utility, $10 text completion, $11 money? increment
-- $12 text ties, $13 text who_may, $14 int? least_age, $15 time opens_at, $16 time closes_at
-- $17 int? points, $18 int? points_each, $19 int? threshold
UPDATE round
   SET title = $3, intro = $4, budget = $5, ballot_kind = $6, most = $7, rule = $8, utility = $9,
       completion = $10, increment = $11, ties = $12, who_may = $13, least_age = $14,
       opens_at = $15, closes_at = $16, points = $17, points_each = $18, threshold = $19
 WHERE place_id = $1 AND id = $2 AND state = 'draft';

-- name: round_open :changed
-- $1 place_id, $2 round_id, $3 time opened_at, $4 bytes lot_seed, $5 text rules
-- $6 bytes rules_hash, $7 account_id
UPDATE round
   SET state = 'open', opened_at = $3, lot_seed = $4, rules = $5, rules_hash = $6, account_id = $7
 WHERE place_id = $1 AND id = $2 AND state = 'draft';

-- name: round_void :changed
-- $1 place_id, $2 round_id, $3 text reason
UPDATE round
   SET state = 'void', void_reason = $3
 WHERE place_id = $1 AND id = $2 AND state IN ('open', 'settling');
