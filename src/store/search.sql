-- Search over all places of one database, for the page that asks all databases.

-- $1 is a pattern in lower case for LIKE with \ as escape.
-- name: search_places :many
-- $1 text pattern, $2 int most
-- all places: a page about all of them
SELECT slug, name, purpose, people FROM place
 WHERE state <> 'arriving' AND lower(name) LIKE $1 ESCAPE '\'
 ORDER BY name, place_id LIMIT $2;

-- Newest first; words as commons/idea_words.h makes them.
-- name: search_ideas :many
-- $1 text words, $2 int most
-- all places: as search_places
-- slug: text, place_name: text
-- sqlite:
SELECT i.id, i.title, i.created_at, p.slug AS slug, p.name AS place_name
  FROM idea_search
  JOIN place p ON p.place_id = CAST(substr(idea_search.place, 2) AS bigint)
  JOIN idea i ON i.place_id = p.place_id AND i.id = idea_search.rowid
 WHERE idea_search MATCH '{title body} : (' || $1 || ')' AND p.state <> 'arriving'
-- pg:
SELECT i.id, i.title, i.created_at, p.slug AS slug, p.name AS place_name
  FROM idea_search s
  JOIN place p ON p.place_id = s.place_id
  JOIN idea i ON i.place_id = s.place_id AND i.id = s.idea_id
 WHERE s.words @@ (SELECT folkmoot_query($1)) AND p.state <> 'arriving'
-- end
 ORDER BY i.created_at DESC, i.id DESC LIMIT $2;
