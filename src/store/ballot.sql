-- Ballots: apart from the roll, found by a key that only the round's secret can make.

-- All that casting a ballot needs to know, in one.
-- name: ballot_facts :one
-- $1 place_id, $2 round_id, $3 person_id, $4 text area
-- options: int, area_known: bool, own_area: text?
-- struck: bool?, roll_area: text?, receipt: bytes?
SELECT r.state, r.ballot_kind, r.most, r.points, r.points_each, r.who_may, r.least_age,
       r.opens_at, r.closes_at,
       (SELECT coalesce(max(o.number), 0) FROM option o
         WHERE o.place_id = r.place_id AND o.round_id = r.id) AS options,
       CASE WHEN EXISTS (SELECT 1 FROM area a WHERE a.place_id = $1 AND a.area = $4)
            THEN 1 ELSE 0 END AS area_known,
       (SELECT p.area FROM person p WHERE p.place_id = $1 AND p.id = $3) AS own_area,
       l.struck AS struck, l.area AS roll_area, l.receipt AS receipt
  FROM round r
  LEFT JOIN roll l ON l.place_id = r.place_id AND l.round_id = r.id AND l.person_id = $3
 WHERE r.place_id = $1 AND r.id = $2;

-- What a receipt says of its round.
-- name: ballot_round :one
-- $1 place_id, $2 round_id
SELECT title, closes_at FROM round WHERE place_id = $1 AND id = $2;

-- name: ballot_put :later
-- $1 place_id, $2 round_id, $3 bytes ballot_key, $4 text choice
INSERT INTO ballot (place_id, round_id, ballot_key, choice)
VALUES ($1, $2, $3, $4)
ON CONFLICT (place_id, round_id, ballot_key) DO UPDATE SET choice = excluded.choice;

-- name: ballot_by_key :one
-- $1 place_id, $2 round_id, $3 bytes ballot_key
SELECT choice FROM ballot WHERE place_id = $1 AND round_id = $2 AND ballot_key = $3;

-- name: ballot_take_out :changed
-- $1 place_id, $2 round_id, $3 bytes ballot_key
DELETE FROM ballot WHERE place_id = $1 AND round_id = $2 AND ballot_key = $3;
