-- Ideas: what somebody proposes, each version of it, and what stewards decided.

-- name: idea_list :many
-- $1 place_id, $2 text state, $3 text words, $4 idea_id after, $5 int most
-- author: text
-- Newest first, behind `after` (0: from the start); state and words may be empty.
SELECT i.id, i.title, i.rough_cost, i.real_cost, i.state, i.comments, i.created_at,
       p.name AS author
  FROM idea i
  JOIN person p ON p.place_id = i.place_id AND p.id = i.author_id
 WHERE i.place_id = $1
   AND ($2 = '' OR i.state = $2)
-- sqlite:
   AND ($3 = '' OR i.id IN (SELECT rowid FROM idea_search
                             WHERE idea_search MATCH 'place : p' || $1 || ' AND (' || $3 || ')'))
-- pg:
   AND ($3 = '' OR i.id IN (SELECT s.idea_id FROM idea_search s
                             WHERE s.place_id = $1 AND s.words @@ (SELECT folkmoot_query($3))))
-- end
   AND i.created_at <= COALESCE((SELECT b.created_at FROM idea b
                                  WHERE b.place_id = $1 AND b.id = $4), 9223372036854775807)
   AND (i.created_at, i.id) < (COALESCE((SELECT a.created_at FROM idea a
                                          WHERE a.place_id = $1 AND a.id = $4),
                                        9223372036854775807), $4)
 ORDER BY i.created_at DESC, i.id DESC
 LIMIT $5;

-- How many ideas have the words, at most so many.
-- name: idea_found_total :one
-- $1 place_id, $2 text words, $3 int most
-- all places: the place is one of the words
-- found: int
SELECT count(*) AS found
-- sqlite:
  FROM (SELECT 1 AS one FROM idea_search
         WHERE idea_search MATCH 'place : p' || $1 || ' AND (' || $2 || ')' LIMIT $3) few;
-- pg:
  FROM (SELECT 1 AS one FROM idea_search s
         WHERE s.place_id = $1 AND s.words @@ (SELECT folkmoot_query($2)) LIMIT $3) few;
-- end

-- The same as idea_list, from the words on: for few.
-- name: idea_found :many
-- $1 place_id, $2 text state, $3 text words, $4 idea_id after, $5 int most
-- author: text
SELECT i.id, i.title, i.rough_cost, i.real_cost, i.state, i.comments, i.created_at,
       p.name AS author
-- sqlite:
  FROM idea_search
 CROSS JOIN idea i
  JOIN person p ON p.place_id = i.place_id AND p.id = i.author_id
 WHERE idea_search MATCH 'place : p' || $1 || ' AND (' || $3 || ')'
   AND i.place_id = $1 AND i.id = idea_search.rowid
-- pg:
  FROM (SELECT s.place_id, s.idea_id FROM idea_search s
         WHERE s.place_id = $1 AND s.words @@ (SELECT folkmoot_query($3))
         LIMIT 2000) s -- found first, whatever the planner thinks of walking along
  JOIN idea i ON i.place_id = s.place_id AND i.id = s.idea_id
  JOIN person p ON p.place_id = i.place_id AND p.id = i.author_id
 WHERE i.place_id = $1
-- end
   AND ($2 = '' OR i.state = $2)
   AND (i.created_at, i.id) < (COALESCE((SELECT a.created_at FROM idea a
                                          WHERE a.place_id = $1 AND a.id = $4),
                                        9223372036854775807), $4)
 ORDER BY i.created_at DESC, i.id DESC
 LIMIT $5;

-- name: idea_similar :many
-- $1 place_id, $2 text words, $3 int most
-- Best first; words must not be empty. A word in the title counts four times.
SELECT i.id, i.title, i.state, i.comments
-- sqlite:
  FROM idea_search
  JOIN idea i ON i.id = idea_search.rowid
 WHERE idea_search MATCH 'place : p' || $1 || ' AND (' || $2 || ')' AND i.place_id = $1
 ORDER BY bm25(idea_search, 0.0, 4.0, 1.0), i.id
-- pg:
  FROM idea_search s
  JOIN idea i ON i.place_id = s.place_id AND i.id = s.idea_id
 WHERE s.place_id = $1 AND s.words @@ (SELECT folkmoot_query($2))
 ORDER BY ts_rank('{0.1, 0.2, 0.25, 1.0}', s.words, (SELECT folkmoot_query($2))) DESC, i.id
-- end
 LIMIT $3;

-- name: idea_by_id :one
-- $1 place_id, $2 idea_id idea
-- author: text, author_email: text?, judge: text?, in_round: bool
SELECT i.id, i.author_id, i.title, i.body, i.rough_cost, i.state, i.created_at, i.changed_at,
       i.version, i.judgement, i.comments, i.owner, i.permission, i.real_cost, i.reason,
       i.judged_by, i.judged_at,
       p.name AS author, p.email AS author_email, j.name AS judge,
       (EXISTS (SELECT 1 FROM option o
                  JOIN round r ON r.place_id = o.place_id AND r.id = o.round_id
                 WHERE o.place_id = $1 AND o.idea_id = $2
                   AND r.state IN ('draft', 'open', 'settling', 'counting'))
        OR EXISTS (SELECT 1 FROM project w WHERE w.place_id = $1 AND w.idea_id = $2)) AS in_round
  FROM idea i
  JOIN person p ON p.place_id = i.place_id AND p.id = i.author_id
  LEFT JOIN person j ON j.place_id = i.place_id AND j.id = i.judged_by
 WHERE i.place_id = $1 AND i.id = $2;

-- name: idea_rounds :many
-- $1 place_id, $2 idea_id idea
-- Rounds in which it was or is an option, as far as they are public.
SELECT r.id, r.title, r.state, r.closes_at, o.number, o.withdrawn_at
  FROM option o
  JOIN round r ON r.place_id = o.place_id AND r.id = o.round_id
 WHERE o.place_id = $1 AND o.idea_id = $2 AND r.state <> 'draft'
 ORDER BY r.created_at DESC, r.id;

-- name: idea_added_since :one
-- $1 place_id, $2 person_id author, $3 time since
-- ideas: int
SELECT count(*) AS ideas FROM idea WHERE place_id = $1 AND author_id = $2 AND created_at > $3;

-- name: idea_edited_since :one
-- $1 place_id, $2 idea_id idea, $3 time since
-- edits: int
SELECT count(*) AS edits FROM idea_version
 WHERE place_id = $1 AND idea_id = $2 AND written_at > $3 AND version > 1;

-- name: idea_add :exec
-- $1 place_id, $2 idea_id idea, $3 person_id author, $4 text title, $5 text body
-- $6 money? rough_cost, $7 time now
INSERT INTO idea (place_id, id, author_id, title, body, rough_cost, state,
                  created_at, changed_at, version, judgement, comments)
VALUES ($1, $2, $3, $4, $5, $6, 'open', $7, $7, 1, 0, 0);

-- name: idea_edit :changed
-- $1 place_id, $2 idea_id idea, $3 int version, $4 text title, $5 text body
-- $6 money? rough_cost, $7 time now
UPDATE idea SET title = $4, body = $5, rough_cost = $6, changed_at = $7, version = version + 1
 WHERE place_id = $1 AND id = $2 AND version = $3;

-- name: idea_version_add :exec
-- $1 place_id, $2 idea_id idea, $3 int version, $4 text title, $5 text body
-- $6 money? rough_cost, $7 person_id author, $8 time now, $9 bytes salt
INSERT INTO idea_version (place_id, idea_id, version, title, body, rough_cost,
                          author_id, written_at, salt)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: idea_version_by_number :one
-- $1 place_id, $2 idea_id idea, $3 int version
SELECT title, body, rough_cost, author_id FROM idea_version
 WHERE place_id = $1 AND idea_id = $2 AND version = $3;

-- name: idea_versions :many
-- $1 place_id, $2 idea_id idea, $3 int before, $4 int most
-- author: text
-- Newest first, those before a version.
SELECT v.version, v.title, v.body, v.rough_cost, v.written_at, p.name AS author
  FROM idea_version v
  JOIN person p ON p.place_id = v.place_id AND p.id = v.author_id
 WHERE v.place_id = $1 AND v.idea_id = $2 AND v.version < $3
 ORDER BY v.version DESC
 LIMIT $4;

-- name: idea_search_put :exec
-- $1 place_id, $2 idea_id idea, $3 text title, $4 text body
-- What full-text search finds it by; put again after an edit.
-- sqlite:
INSERT OR REPLACE INTO idea_search (rowid, place, title, body)
SELECT id, 'p' || place_id, $3, $4 FROM idea WHERE place_id = $1 AND id = $2;
-- pg:
INSERT INTO idea_search (place_id, idea_id, words)
SELECT place_id, id, folkmoot_vector($3, $4)
  FROM idea WHERE place_id = $1 AND id = $2
    ON CONFLICT (place_id, idea_id) DO UPDATE SET words = excluded.words;
-- end

-- name: idea_judge :changed
-- $1 place_id, $2 idea_id idea, $3 int judgement, $4 text state, $5 text? owner
-- $6 text? permission, $7 money? real_cost, $8 text? reason, $9 person_id judge, $10 time now
UPDATE idea SET state = $4, owner = $5, permission = $6, real_cost = $7, reason = $8,
                judged_by = $9, judged_at = $10, judgement = judgement + 1
 WHERE place_id = $1 AND id = $2 AND judgement = $3;

-- name: idea_judgement_add :exec
-- $1 place_id, $2 idea_id idea, $3 int number, $4 text verdict, $5 text? owner
-- $6 text? permission, $7 money? real_cost, $8 text? reason, $9 person_id judge, $10 time now
-- $11 bytes salt
INSERT INTO idea_judgement (place_id, idea_id, number, verdict, owner, permission, real_cost,
                            reason, judged_by, judged_at, salt)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11);

-- name: idea_judgements :many
-- $1 place_id, $2 idea_id idea, $3 int most
-- judge: text
-- Newest first.
SELECT g.number, g.verdict, g.owner, g.permission, g.real_cost, g.reason, g.judged_at,
       p.name AS judge
  FROM idea_judgement g
  JOIN person p ON p.place_id = g.place_id AND p.id = g.judged_by
 WHERE g.place_id = $1 AND g.idea_id = $2
 ORDER BY g.number DESC
 LIMIT $3;

-- name: idea_list_by_author :many
-- $1 place_id, $2 person_id author, $3 int most
-- author: text
-- What one person proposed, newest first.
SELECT i.id, i.title, i.state, i.created_at, p.name AS author
  FROM idea i
  JOIN person p ON p.place_id = i.place_id AND p.id = i.author_id
 WHERE i.place_id = $1 AND i.author_id = $2
 ORDER BY i.created_at DESC, i.id DESC
 LIMIT $3;
