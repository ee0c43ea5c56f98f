-- Closing a round, counting its ballots, and what came of it.

-- name: count_round :one
-- $1 place_id, $2 round_id
-- challenges: int
SELECT r.id, r.title, r.state, r.budget, r.ballot_kind, r.rule, r.utility, r.completion,
       r.increment, r.ties, r.threshold, r.most, r.points, r.points_each, r.lot_seed, r.opens_at, r.closes_at, r.opened_at, r.frozen_at,
       r.counted_at, r.rules_hash, r.account_id, r.ballots,
       (SELECT count(*) FROM challenge c
         WHERE c.place_id = r.place_id AND c.round_id = r.id AND c.settled_at IS NULL)
         AS challenges
  FROM round r
 WHERE r.place_id = $1 AND r.id = $2;

-- name: count_options :many
-- $1 place_id, $2 round_id
SELECT number, label, idea_id, title, cost, withdrawn_at, withdrawn_reason, selected
  FROM option WHERE place_id = $1 AND round_id = $2 ORDER BY number;

-- In the order of their keys, which tells nothing.
-- name: count_ballots :each
-- $1 place_id, $2 round_id
SELECT choice FROM ballot WHERE place_id = $1 AND round_id = $2 ORDER BY ballot_key;

-- name: round_settle :changed
-- $1 place_id, $2 round_id
UPDATE round SET state = 'settling' WHERE place_id = $1 AND id = $2 AND state = 'open';

-- name: round_freeze :changed
-- $1 place_id, $2 round_id, $3 time frozen_at
UPDATE round SET state = 'counting', frozen_at = $3
 WHERE place_id = $1 AND id = $2 AND state IN ('open', 'settling');

-- name: round_finish :changed
-- $1 place_id, $2 round_id, $3 time counted_at, $4 int ballots
UPDATE round SET state = 'counted', counted_at = $3, ballots = $4
 WHERE place_id = $1 AND id = $2 AND state = 'counting';

-- name: outcome_add :exec
-- $1 place_id, $2 round_id, $3 outcome_id, $4 bool official, $5 text rule, $6 text utility, $7 text completion, $8 money? increment, $9 text ties, $10 int voters, $11 int represented, $12 money total_cost, $13 int winners, $14 text detail
INSERT INTO outcome (place_id, round_id, id, official, rule, utility, completion, increment, ties,
                     voters, represented, total_cost, winners, detail)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14);

-- name: outcome_option_add :later
-- $1 place_id, $2 round_id, $3 outcome_id, $4 int number, $5 int? place_won, $6 int votes, $7 money? could_pay, $8 money? room, $9 text why
-- $10 int? points
INSERT INTO outcome_option (place_id, round_id, outcome_id, number, place_won, votes, could_pay,
                            room, why, points)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- The official one first.
-- name: outcome_list :many
-- $1 place_id, $2 round_id
SELECT id, official, rule, utility, completion, increment, ties, voters, represented, total_cost,
       winners
  FROM outcome WHERE place_id = $1 AND round_id = $2 ORDER BY official DESC, rule, id;

-- name: outcome_detail :one
-- $1 place_id, $2 round_id, $3 outcome_id
SELECT detail FROM outcome WHERE place_id = $1 AND round_id = $2 AND id = $3;

-- By number, 1..n each once.
-- name: outcome_options :many
-- $1 place_id, $2 round_id, $3 outcome_id
SELECT number, place_won, votes, points, could_pay, room, why
  FROM outcome_option
 WHERE place_id = $1 AND round_id = $2 AND outcome_id = $3
 ORDER BY number;

-- The other way of counting, beside it: by index, as only its winners matter.
-- name: outcome_winners :many
-- $1 place_id, $2 round_id, $3 outcome_id
SELECT number, place_won
  FROM outcome_option
 WHERE place_id = $1 AND round_id = $2 AND outcome_id = $3 AND place_won > 0
 ORDER BY place_won;

-- What the winners became.
-- name: outcome_projects :many
-- $1 place_id, $2 round_id
SELECT number, id FROM project WHERE place_id = $1 AND round_id = $2;

-- name: count_rounds :many
-- $1 place_id
SELECT id, title FROM round WHERE place_id = $1 AND state = 'counted' ORDER BY closes_at, id
 LIMIT 1000;
