-- What waits for a steward.

-- name: queue_ideas :many
-- $1 place_id, $2 int most
-- author: text
-- Open ideas, the longest waiting first.
SELECT i.id, i.title, i.rough_cost, i.created_at, i.comments, p.name AS author
  FROM idea i
  JOIN person p ON p.place_id = i.place_id AND p.id = i.author_id
 WHERE i.place_id = $1 AND i.state = 'open'
 ORDER BY i.created_at, i.id
 LIMIT $2;

-- name: queue_challenges :many
-- $1 place_id
-- challenges: int
-- Rounds with challenges that nobody has settled yet.
SELECT r.id, r.title, r.state, count(*) AS challenges
  FROM challenge c
  JOIN round r ON r.place_id = c.place_id AND r.id = c.round_id
 WHERE c.place_id = $1 AND c.settled_at IS NULL AND r.state IN ('open', 'settling')
 GROUP BY r.id, r.title, r.state, r.closes_at
 ORDER BY r.closes_at, r.id;

-- name: queue_drafts :many
-- $1 place_id
-- maker: text?
-- Rounds that are being prepared.
SELECT r.id, r.title, r.created_at, p.name AS maker
  FROM round r
  LEFT JOIN person p ON p.place_id = r.place_id AND p.id = r.created_by
 WHERE r.place_id = $1 AND r.state = 'draft'
 ORDER BY r.created_at, r.id;

-- Ideas are counted to a thousand: stewards have this on every page.
-- name: queue_count :one
-- $1 place_id
-- ideas: int, challenges: int, drafts: int
SELECT (SELECT count(*) FROM (SELECT 1 AS one FROM idea i
                              WHERE i.place_id = $1 AND i.state = 'open' LIMIT 1000) most) AS ideas,
       (SELECT count(*) FROM challenge c
          JOIN round r ON r.place_id = c.place_id AND r.id = c.round_id
         WHERE c.place_id = $1 AND c.settled_at IS NULL
           AND r.state IN ('open', 'settling')) AS challenges,
       (SELECT count(*) FROM round WHERE place_id = $1 AND state = 'draft') AS drafts;
