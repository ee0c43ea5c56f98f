-- Work by the clock. While a job is worked on, due_at is when the lease ends: so "what is next"
-- is one look into the index, and a lease that nobody ends makes the job due again.

-- name: job_insert :exec
-- $1 place_id, $2 job_id, $3 text kind, $4 int subject, $5 time due_at
INSERT INTO job (place_id, id, kind, subject, due_at, attempts) VALUES ($1, $2, $3, $4, $5, 0)
ON CONFLICT (place_id, kind, subject) DO UPDATE SET due_at = excluded.due_at
 WHERE job.lease_until IS NULL AND excluded.due_at < job.due_at;

-- name: job_delete :exec
-- $1 place_id, $2 text kind, $3 int subject
DELETE FROM job WHERE place_id = $1 AND kind = $2 AND subject = $3;

-- name: job_next :one
-- $1 text kind
-- all places: one runner works for the whole server
SELECT place_id, id, subject, due_at, attempts
  FROM job
 WHERE kind = $1
 ORDER BY due_at
 LIMIT 1;

-- Only who still finds it as it was seen gets it.
-- name: job_take :changed
-- $1 place_id, $2 job_id, $3 time seen_due_at, $4 time lease_until
UPDATE job SET due_at = $4, lease_until = $4, attempts = attempts + 1
 WHERE place_id = $1 AND id = $2 AND due_at = $3;

-- Only with the lease that was taken; nothing changes when it was lost meanwhile.
-- name: job_end :changed
-- $1 place_id, $2 job_id, $3 time lease_until
DELETE FROM job WHERE place_id = $1 AND id = $2 AND lease_until = $3;

-- name: job_again :changed
-- $1 place_id, $2 job_id, $3 time lease_until, $4 time due_at, $5 int attempts, $6 text? last_error
UPDATE job SET due_at = $4, lease_until = NULL, attempts = $5, last_error = $6
 WHERE place_id = $1 AND id = $2 AND lease_until = $3;
