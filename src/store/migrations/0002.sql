-- What a city and many places need: a place that can move house, commits whose fate can be found
-- out, and search that stays within one place.

-- Whether its deeds are done here. leaving: a move's last step, nothing is written; arriving: not
-- all of it is here yet.
ALTER TABLE place ADD COLUMN state text NOT NULL DEFAULT 'here' CHECK (state IN ('here', 'leaving', 'arriving')); -- here, leaving or arriving

-- The last batch of deeds that each writing connection committed: who lost the connection in the
-- middle of a commit finds out here.
CREATE TABLE writer (
  place_id    place_id NOT NULL,  -- 0: a writer serves all places
  id          writer_id NOT NULL, -- random, new whenever a server starts
  batch       int NOT NULL,       -- counts its batches from 1
  written_at  time NOT NULL,      -- when
  PRIMARY KEY (place_id, id)
) /*sqlite WITHOUT ROWID*/;

-- While a place moves house: keys of its rows that changed behind the copy.
CREATE TABLE moved (
  place_id    place_id NOT NULL,  -- the place
  id          change_id NOT NULL, -- random
  number      int NOT NULL,       -- which table, in the order of the move
  key         text NOT NULL,      -- the rest of its key: joined by commas, all but numbers in hex
  PRIMARY KEY (place_id, id)
) /*sqlite WITHOUT ROWID*/;

DROP TABLE idea_search;
-- sqlite:
-- rowid is the idea's id; place is "p" and the place's id, so that a search meets only its own.
CREATE VIRTUAL TABLE idea_search USING fts5 (place, title, body, tokenize = 'porter unicode61 remove_diacritics 2');
INSERT INTO idea_search (rowid, place, title, body)
SELECT id, 'p' || place_id, title, body FROM idea;
-- pg:
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE TEXT SEARCH DICTIONARY folkmoot_stem (TEMPLATE = snowball, Language = porter);
CREATE TEXT SEARCH CONFIGURATION folkmoot (COPY = simple);
ALTER TEXT SEARCH CONFIGURATION folkmoot
  ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part, numword, numhword, hword_numpart
  WITH unaccent, folkmoot_stem;
-- The words of commons/idea_words.h; a * at the end says that the last word may go on.
CREATE FUNCTION folkmoot_query(typed text) RETURNS tsquery LANGUAGE sql STABLE STRICT PARALLEL SAFE AS
 'SELECT CASE WHEN right(typed, 1) = ''*'' AND q <> '''' THEN CAST(q || '':*'' AS tsquery) ELSE CAST(q AS tsquery) END
    FROM (SELECT CAST(websearch_to_tsquery(''folkmoot'', typed) AS text) AS q) x';
COMMENT ON FUNCTION folkmoot_query IS 'A query as people type it';
CREATE TABLE idea_search (
  place_id    bigint NOT NULL,
  idea_id     bigint NOT NULL,
  words       tsvector NOT NULL,
  PRIMARY KEY (place_id, idea_id)
);
COMMENT ON TABLE idea_search IS 'Full-text search over ideas';
COMMENT ON COLUMN idea_search.place_id IS 'its place';
COMMENT ON COLUMN idea_search.idea_id IS 'the idea';
COMMENT ON COLUMN idea_search.words IS 'its title and body, in words';
INSERT INTO idea_search (place_id, idea_id, words)
SELECT place_id, id, setweight(to_tsvector('folkmoot', title), 'A') || setweight(to_tsvector('folkmoot', body), 'D')
  FROM idea;
-- end
-- afterwards:
-- On PostgreSQL both are partial, so that only who asks by receipt or name is tempted to use them: while a table is
-- new, PostgreSQL knows nothing of it and would take them for looking up a person.
-- A drawer of a large box, and whether a receipt is in it.
CREATE INDEX /*pg CONCURRENTLY IF NOT EXISTS*/ roll_by_receipt ON roll (place_id, round_id, receipt) /*pg WHERE receipt IS NOT NULL*/;
-- The roll by name.
CREATE INDEX /*pg CONCURRENTLY IF NOT EXISTS*/ person_by_name ON person (place_id, name, id) /*pg WHERE name IS NOT NULL*/;
-- pg:
CREATE INDEX CONCURRENTLY IF NOT EXISTS idea_search_words ON idea_search USING gin (place_id, words);
-- end
