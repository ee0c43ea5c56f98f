-- Places: found by the first part of a path, and what every page needs to know of them.

-- The place a path leads to.
-- name: place_by_slug :one
-- $1 text slug
-- all places: the one way from a path to its place
SELECT p.place_id, p.slug, p.name, p.purpose, p.language, p.currency, p.zone, p.people,
       p.last_year, p.recipe, p.settings, p.imported, p.created_at
  FROM place_slug s JOIN place p ON p.place_id = s.place_id
 WHERE s.slug = $1;

-- name: place_by_id :one
-- $1 place_id
SELECT place_id, slug, name, purpose, language, currency, zone, people,
       last_year, recipe, settings, imported, created_at
  FROM place
 WHERE place_id = $1;

-- What a database says of itself: which places are in it.
-- name: place_homes :many
-- all places: the map of places to databases
SELECT s.slug, s.place_id, p.state
  FROM place_slug s JOIN place p ON p.place_id = s.place_id
 ORDER BY s.slug;

-- CONFLICT when the slug is taken.
-- name: place_slug_insert :exec
-- $1 text slug, $2 place_id
INSERT INTO place_slug (slug, place_id) VALUES ($1, $2);

-- name: place_insert :exec
-- $1 place_id, $2 text slug, $3 text name, $4 text purpose, $5 text language
-- $6 text currency, $7 text zone, $8 int? people, $9 int? last_year, $10 text recipe
-- $11 text settings, $12 bool imported, $13 time created_at
INSERT INTO place (place_id, slug, name, purpose, language, currency, zone, people, last_year,
                   recipe, settings, imported, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13);

-- name: area_list :many
-- $1 place_id
SELECT area, name, position FROM area WHERE place_id = $1 ORDER BY position;

-- name: area_insert :exec
-- $1 place_id, $2 text area, $3 text name, $4 int position
INSERT INTO area (place_id, area, name, position) VALUES ($1, $2, $3, $4);

-- What is kept as JSON: limits, round defaults, words.
-- name: place_settings_json :one
-- $1 place_id
SELECT settings FROM place WHERE place_id = $1;

-- name: place_count :one
-- all places: the set-up key is good for one more
-- places: int
SELECT count(*) AS places FROM place WHERE imported = 0;
