-- What whoever watches the server wants to know of a database as a whole.

-- oldest_mail, oldest_due: 0 when there is none.
-- name: watch_totals :one
-- $1 time now
-- all places: the server's own figures
-- places: int, mails: int, oldest_mail: time, due: int, oldest_due: time, waiting: int, height: int
SELECT (SELECT count(*) FROM place) AS places,
       (SELECT count(*) FROM mail) AS mails,
       (SELECT coalesce(min(m.created_at), 0) FROM mail m) AS oldest_mail,
       (SELECT count(*) FROM job j WHERE j.due_at <= $1) AS due,
       (SELECT coalesce(min(d.due_at), 0) FROM job d WHERE d.due_at <= $1) AS oldest_due,
       (SELECT count(*) FROM leaf_waiting) AS waiting,
       (SELECT CAST(coalesce(sum((SELECT max(h.size) FROM tree_head h
                                   WHERE h.place_id = p.place_id)), 0) AS bigint)
          FROM place p) AS height;

-- Does it answer at all?
-- name: watch_alive :one
-- all places: no table is read
-- one: int
SELECT 1 AS one;
