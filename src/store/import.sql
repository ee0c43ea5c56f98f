-- A file of votes kept without loss: its rows beside the round that was made from it.

-- name: import_add :exec
-- $1 place_id, $2 round_id, $3 text meta, $4 text option_columns, $5 text ballot_columns, $6 text rule, $7 bool names_winners
INSERT INTO import (place_id, round_id, meta, option_columns, ballot_columns, rule, names_winners)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- name: import_line_add :later
-- $1 place_id, $2 round_id, $3 int section, $4 int line, $5 text cells
INSERT INTO import_line (place_id, round_id, section, line, cells) VALUES ($1, $2, $3, $4, $5);

-- name: import_round_add :exec
-- $1 place_id, $2 round_id, $3 text title, $4 text intro, $5 text state, $6 money budget, $7 text ballot_kind, $8 int? most, $9 text rule, $10 text utility, $11 text completion, $12 text ties, $13 time opens_at, $14 time closes_at, $15 time counted_at, $16 int ballots
-- $17 money? increment, $18 int? threshold, $19 bytes? lot_seed
INSERT INTO round (place_id, id, title, intro, state, budget, ballot_kind, most, rule, utility,
                   completion, ties, who_may, opens_at, closes_at, opened_at, frozen_at,
                   counted_at, created_at, ballots, increment, threshold, lot_seed)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'members', $13, $14, $13, $14,
        $15, $15, $16, $17, $18, $19);

-- name: import_option_add :later
-- $1 place_id, $2 round_id, $3 option_id, $4 int number, $5 text label, $6 text title, $7 money cost
-- $8 bool selected
INSERT INTO option (place_id, round_id, id, number, label, title, summary, cost, selected)
VALUES ($1, $2, $3, $4, $5, $6, '', $7, $8);

-- name: import_ballot_add :later
-- $1 place_id, $2 round_id, $3 bytes ballot_key, $4 text choice
INSERT INTO ballot (place_id, round_id, ballot_key, choice)
VALUES ($1, $2, $3, $4);

-- name: import_by_round :one
-- $1 place_id, $2 round_id
SELECT meta, option_columns, ballot_columns FROM import
 WHERE place_id = $1 AND round_id = $2;

-- What the file says about itself and its winners; read by the result page.
-- name: import_claims :one
-- $1 place_id, $2 round_id
SELECT rule, names_winners FROM import WHERE place_id = $1 AND round_id = $2;

-- name: import_lines :each
-- $1 place_id, $2 round_id, $3 int section
SELECT cells FROM import_line WHERE place_id = $1 AND round_id = $2 AND section = $3
 ORDER BY line;
