-- Challenges: a doubt whether somebody may vote in a round.

-- name: challenge_insert :exec
-- $1 place_id, $2 round_id, $3 challenge_id, $4 person_id, $5 person_id by, $6 text reason
-- $7 time made_at
INSERT INTO challenge (place_id, round_id, id, person_id, by_id, reason, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7);

-- other_stewards: neither who made it nor whom it is about.
-- name: challenge_by_id :one
-- $1 place_id, $2 round_id, $3 challenge_id
-- other_stewards: int
SELECT c.id, c.person_id, c.by_id, c.reason, c.made_at, c.settled_at, c.upheld, c.answer,
       (SELECT count(*) FROM role s
         WHERE s.place_id = c.place_id AND s.role = 'steward' AND s.person_id <> c.by_id
           AND s.person_id <> c.person_id) AS other_stewards
  FROM challenge c
 WHERE c.place_id = $1 AND c.round_id = $2 AND c.id = $3;

-- Open ones first. $3: only those about this person.
-- name: challenge_list :many
-- $1 place_id, $2 round_id, $3 person_id? about
-- person_name: text, by_name: text?
SELECT c.id, c.person_id, c.by_id, c.reason, c.made_at, c.settled_at, c.upheld, c.answer,
       p.name AS person_name, b.name AS by_name
  FROM challenge c
  JOIN person p ON p.place_id = c.place_id AND p.id = c.person_id
  LEFT JOIN person b ON b.place_id = c.place_id AND b.id = c.by_id
 WHERE c.place_id = $1 AND c.round_id = $2 AND ($3 IS NULL OR c.person_id = $3)
 ORDER BY CASE WHEN c.settled_at IS NULL THEN 0 ELSE 1 END, c.made_at DESC, c.id
 LIMIT 500;

-- name: challenge_settle :changed
-- $1 place_id, $2 round_id, $3 challenge_id, $4 time settled_at, $5 person_id settled_by
-- $6 bool upheld, $7 text answer
UPDATE challenge
   SET settled_at = $4, settled_by = $5, upheld = $6, answer = $7
 WHERE place_id = $1 AND round_id = $2 AND id = $3 AND settled_at IS NULL;
