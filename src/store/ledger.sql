-- Accounts, entries and postings. Every entry has two postings: out of one account, into
-- another. Balances are kept beside them; `folkmoot check` builds them again.

-- name: account_add :exec
-- $1 place_id, $2 account_id, $3 text kind, $4 text name, $5 money? floor
INSERT INTO account (place_id, id, kind, name, floor, balance) VALUES ($1, $2, $3, $4, $5, 0);

-- name: account_by_id :one
-- $1 place_id, $2 account_id
SELECT id, kind, name, floor, balance FROM account WHERE place_id = $1 AND id = $2;

-- name: account_by_kind :one
-- $1 place_id, $2 text kind
SELECT id, kind, name, floor, balance FROM account WHERE place_id = $1 AND kind = $2
 ORDER BY id LIMIT 1;

-- name: account_balance_move :changed
-- $1 place_id, $2 account_id, $3 money by
UPDATE account SET balance = balance + $3 WHERE place_id = $1 AND id = $2;

-- name: entry_by_key :one
-- $1 place_id, $2 bytes client_key
-- amount: money, from_account: account_id, to_account: account_id
SELECT e.id, e.kind, p.amount AS amount, o.account_id AS from_account,
       p.account_id AS to_account
  FROM entry e
  JOIN posting p ON p.place_id = e.place_id AND p.entry_id = e.id AND p.amount > 0
  JOIN posting o ON o.place_id = e.place_id AND o.entry_id = e.id AND o.amount < 0
 WHERE e.place_id = $1 AND e.client_key = $2;

-- name: entry_add :exec
-- $1 place_id, $2 entry_id, $3 text kind, $4 time happened_on, $5 time recorded_at, $6 person_id? recorded_by, $7 text memo, $8 text? payee, $9 text? reference, $10 project_id? project, $11 round_id? round, $12 entry_id? corrects, $13 bytes client_key
INSERT INTO entry (place_id, id, kind, happened_on, recorded_at, recorded_by, memo, payee,
                   reference, project_id, round_id, corrects_id, client_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: posting_add :later
-- $1 place_id, $2 entry_id, $3 int line, $4 account_id, $5 money amount
INSERT INTO posting (place_id, entry_id, line, account_id, amount) VALUES ($1, $2, $3, $4, $5);

-- name: project_add :exec
-- $1 place_id, $2 project_id, $3 round_id, $4 int number, $5 idea_id?, $6 text title, $7 money award, $8 account_id, $9 time created_at
INSERT INTO project (place_id, id, round_id, number, idea_id, title, award, account_id,
                     created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9);

-- name: project_list :many
-- $1 place_id
-- left_over: money
SELECT p.id, p.title, p.award, p.account_id, a.balance AS left_over
  FROM project p JOIN account a ON a.place_id = p.place_id AND a.id = p.account_id
 WHERE p.place_id = $1 ORDER BY p.title, p.id LIMIT 500;

-- name: project_by_id :one
-- $1 place_id, $2 project_id
-- left_over: money, round_title: text
SELECT p.id, p.title, p.award, p.account_id, p.idea_id, p.round_id, p.created_at,
       a.balance AS left_over, r.title AS round_title
  FROM project p
  JOIN account a ON a.place_id = p.place_id AND a.id = p.account_id
  JOIN round r ON r.place_id = p.place_id AND r.id = p.round_id
 WHERE p.place_id = $1 AND p.id = $2;

-- name: money_totals :many
-- $1 place_id
-- total: money
SELECT kind, CAST(sum(balance) AS bigint) AS total FROM account WHERE place_id = $1 GROUP BY kind;

-- Totals as they stood at the end of a day.
-- name: money_totals_on :many
-- $1 place_id, $2 time day
-- total: money
SELECT a.kind, CAST(sum(p.amount) AS bigint) AS total
  FROM entry e
  JOIN posting p ON p.place_id = e.place_id AND p.entry_id = e.id
  JOIN account a ON a.place_id = p.place_id AND a.id = p.account_id
 WHERE e.place_id = $1 AND e.happened_on <= $2 GROUP BY a.kind;

-- What came into and left the place, by day, for the picture.
-- name: money_flow :many
-- $1 place_id
-- total: money
SELECT e.happened_on, CAST(-sum(p.amount) AS bigint) AS total
  FROM account a
  JOIN posting p ON p.place_id = a.place_id AND p.account_id = a.id
  JOIN entry e ON e.place_id = p.place_id AND e.id = p.entry_id
 WHERE a.place_id = $1 AND a.kind IN ('source', 'paid')
 GROUP BY e.happened_on ORDER BY e.happened_on;

-- Newest first, before a given entry (pass the far future and the largest id to begin).
-- name: entry_list :many
-- $1 place_id, $2 time on_or_before, $3 time recorded_before, $4 entry_id before, $5 int most
-- amount: money, from_name: text, to_name: text, from_kind: text, to_kind: text
SELECT e.id, e.kind, e.happened_on, e.recorded_at, e.memo, e.project_id, e.round_id,
       e.corrects_id, i.amount AS amount,
       f.name AS from_name, t.name AS to_name, f.kind AS from_kind, t.kind AS to_kind
  FROM entry e
  JOIN posting i ON i.place_id = e.place_id AND i.entry_id = e.id AND i.amount > 0
  JOIN posting o ON o.place_id = e.place_id AND o.entry_id = e.id AND o.amount < 0
  JOIN account f ON f.place_id = o.place_id AND f.id = o.account_id
  JOIN account t ON t.place_id = i.place_id AND t.id = i.account_id
 WHERE e.place_id = $1
   AND (e.happened_on, e.recorded_at, e.id) < ($2, $3, $4)
 ORDER BY e.happened_on DESC, e.recorded_at DESC, e.id DESC LIMIT $5;

-- name: entry_list_of_project :many
-- $1 place_id, $2 project_id
-- amount: money, from_name: text, to_name: text
SELECT e.id, e.kind, e.happened_on, e.memo, i.amount AS amount, f.name AS from_name,
       t.name AS to_name
  FROM project p
  JOIN posting own ON own.place_id = p.place_id AND own.account_id = p.account_id
  JOIN entry e ON e.place_id = own.place_id AND e.id = own.entry_id
  JOIN posting i ON i.place_id = e.place_id AND i.entry_id = e.id AND i.amount > 0
  JOIN posting o ON o.place_id = e.place_id AND o.entry_id = e.id AND o.amount < 0
  JOIN account f ON f.place_id = o.place_id AND f.id = o.account_id
  JOIN account t ON t.place_id = i.place_id AND t.id = i.account_id
 WHERE p.place_id = $1 AND p.id = $2
 ORDER BY e.happened_on DESC, e.recorded_at DESC, e.id DESC LIMIT 500;

-- name: entry_by_id :one
-- $1 place_id, $2 entry_id
-- amount: money, from_account: account_id, to_account: account_id, from_name: text, to_name: text, recorder: text?, corrected_by: entry_id?
SELECT e.id, e.kind, e.happened_on, e.recorded_at, e.memo, e.payee, e.reference, e.project_id,
       e.round_id, e.corrects_id, i.amount AS amount, o.account_id AS from_account,
       i.account_id AS to_account, f.name AS from_name, t.name AS to_name,
       who.name AS recorder,
       (SELECT c.id FROM entry c WHERE c.place_id = $1 AND c.corrects_id = $2) AS corrected_by
  FROM entry e
  JOIN posting i ON i.place_id = e.place_id AND i.entry_id = e.id AND i.amount > 0
  JOIN posting o ON o.place_id = e.place_id AND o.entry_id = e.id AND o.amount < 0
  JOIN account f ON f.place_id = o.place_id AND f.id = o.account_id
  JOIN account t ON t.place_id = i.place_id AND t.id = i.account_id
  LEFT JOIN person who ON who.place_id = e.place_id AND who.id = e.recorded_by
 WHERE e.place_id = $1 AND e.id = $2;

-- name: file_add :exec
-- $1 place_id, $2 file_id, $3 entry_id, $4 text name, $5 text type, $6 int size, $7 bytes sha256, $8 bytes content, $9 person_id uploaded_by, $10 time uploaded_at
INSERT INTO file (place_id, id, entry_id, name, type, size, sha256, content, uploaded_by,
                  uploaded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10);

-- name: file_list_of_entry :many
-- $1 place_id, $2 entry_id
SELECT id, name, type, size, uploaded_at FROM file WHERE place_id = $1 AND entry_id = $2
 ORDER BY uploaded_at, id LIMIT 50;

-- name: file_by_id :one
-- $1 place_id, $2 file_id
SELECT name, type, size, content FROM file WHERE place_id = $1 AND id = $2;
