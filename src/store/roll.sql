-- The roll of a round: who may vote, and whether they did.

-- name: roll_by_person :one
-- $1 place_id, $2 round_id, $3 person_id
-- person_name: text, email: text?, area_name: text?
SELECT l.person_id, l.struck, l.receipt, p.name AS person_name, p.email AS email, a.name AS area_name
  FROM roll l
  JOIN person p ON p.place_id = l.place_id AND p.id = l.person_id
  LEFT JOIN area a ON a.place_id = l.place_id AND a.area = l.area
 WHERE l.place_id = $1 AND l.round_id = $2 AND l.person_id = $3;

-- By name, a page at a time: those behind $4, $5. From the people on, whose index has that order. $3 is a pattern in lower case for LIKE with \
-- as escape. Says not who voted.
-- name: roll_list :many
-- $1 place_id, $2 round_id, $3 text pattern, $4 text after_name, $5 person_id after, $6 int most
-- person_name: text, area_name: text?, challenged: bool
SELECT l.person_id, l.struck, p.name AS person_name, a.name AS area_name,
       CASE WHEN EXISTS (SELECT 1 FROM challenge c
                          WHERE c.place_id = l.place_id AND c.round_id = l.round_id
                            AND c.person_id = l.person_id AND c.settled_at IS NULL)
            THEN 1 ELSE 0 END AS challenged
  FROM person p
 CROSS JOIN roll l
  LEFT JOIN area a ON a.place_id = l.place_id AND a.area = l.area
 WHERE p.place_id = $1 AND l.place_id = $1 AND l.round_id = $2 AND l.person_id = p.id
   AND lower(p.name) LIKE $3 ESCAPE '\'
   AND p.name >= $4 AND (p.name > $4 OR p.id > $5)
 ORDER BY p.name, p.id
 LIMIT $6;

-- name: roll_total :one
-- $1 place_id, $2 round_id
-- people: int, voted: int
SELECT count(*) AS people, CAST(coalesce(sum(voted), 0) AS bigint) AS voted
  FROM roll
 WHERE place_id = $1 AND round_id = $2 AND struck = 0;

-- Joins the roll or comes back to it, with a ballot in the box.
-- name: roll_voted :later
-- $1 place_id, $2 round_id, $3 person_id, $4 text? area, $5 bytes receipt
INSERT INTO roll (place_id, round_id, person_id, area, struck, voted, receipt)
VALUES ($1, $2, $3, $4, 0, 1, $5)
ON CONFLICT (place_id, round_id, person_id)
DO UPDATE SET area = excluded.area, voted = 1, receipt = excluded.receipt;

-- How many receipts there are, at most so many: ballots in the box.
-- name: roll_receipts_total :one
-- $1 place_id, $2 round_id, $3 int most
-- ballots: int
SELECT count(*) AS ballots
  FROM (SELECT 1 AS one FROM roll l
         WHERE l.place_id = $1 AND l.round_id = $2 AND l.receipt IS NOT NULL LIMIT $3) few;

-- Receipts from $3 to $4, in their own order: that of nothing else.
-- name: roll_receipts :many
-- $1 place_id, $2 round_id, $3 bytes from_receipt, $4 bytes to_receipt
-- receipt: bytes
SELECT receipt AS receipt
  FROM roll
 WHERE place_id = $1 AND round_id = $2 AND receipt >= $3 AND receipt <= $4
 ORDER BY receipt;

-- name: roll_strike :changed
-- $1 place_id, $2 round_id, $3 person_id
UPDATE roll
   SET struck = 1, voted = 0, receipt = NULL
 WHERE place_id = $1 AND round_id = $2 AND person_id = $3 AND struck = 0;

-- Ballots in the box by area, also where there are none; the row without area at the end.
-- name: roll_turnout :many
-- $1 place_id, $2 round_id
-- area_name: text?, ballots: int, position: int
SELECT a.name AS area_name, a.position AS position,
       (SELECT count(*) FROM roll l
         WHERE l.place_id = a.place_id AND l.round_id = $2 AND l.area = a.area AND l.voted = 1) AS ballots
  FROM area a
 WHERE a.place_id = $1
UNION ALL
SELECT NULL AS area_name, 1000000 AS position,
       (SELECT count(*) FROM roll l
         WHERE l.place_id = $1 AND l.round_id = $2 AND l.area IS NULL AND l.voted = 1) AS ballots
  FROM place p
 WHERE p.place_id = $1
 ORDER BY position;
