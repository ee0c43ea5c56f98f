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
-- Text as SQLite's tokenizer reads it: in small letters, and whatever is neither letter nor digit separates
-- words. PostgreSQL's own parser takes "tables/benches" for a file and "example.org/path" for an address, and
-- in locale C it knows no letters beyond ASCII: their capitals, and quotes and dashes of print, stay as they are.
CREATE FUNCTION folkmoot_plain(typed text) RETURNS text LANGUAGE sql STABLE STRICT PARALLEL SAFE AS
 'SELECT lower(regexp_replace(typed, ''[\u007F-\u00A9\u00AB-\u00B1\u00B4\u00B6-\u00B8\u00BB\u00BF\u00D7\u00F7\u02C2-\u02C5\u02D2-\u02DF\u037E\u0387\u055A-\u055F\u0589\u058A\u05BE\u05C0\u05C3\u05C6\u05F3\u05F4\u0600-\u060F\u061B-\u061F\u066A-\u066D\u06D4\u0700-\u070D\u0964\u0965\u0E4F\u0E5A\u0E5B\u104A-\u104F\u10FB\u1360-\u1368\u1400\u1680\u17D4-\u17DB\u1800-\u180A\u2000-\u206F\u207A-\u207E\u208A-\u208E\u20A0-\u20CF\u2116-\u2118\u2122\u2190-\u245F\u2500-\u2775\u2794-\u2BFF\u2E00-\u2FFF\u3000-\u3004\u3008-\u3020\u3030\u303D-\u303F\u30A0\u30FB\uFD3E\uFD3F\uFE00-\uFE19\uFE30-\uFE6F\uFEFF-\uFF0F\uFF1A-\uFF20\uFF3B-\uFF40\uFF5B-\uFF65\uFFE0-\uFFFF\U0001F000-\U0001FAFF]+'', '' '', ''g'') COLLATE "und-x-icu")';
COMMENT ON FUNCTION folkmoot_plain IS 'Text in small letters, with blanks for signs beyond ASCII';
CREATE FUNCTION folkmoot_vector(title text, body text) RETURNS tsvector LANGUAGE sql STABLE STRICT PARALLEL SAFE AS
 'SELECT setweight(to_tsvector(''folkmoot'', translate(folkmoot_plain(title), signs, repeat('' '', 32))), ''A'')
      || setweight(to_tsvector(''folkmoot'', translate(folkmoot_plain(body), signs, repeat('' '', 32))), ''D'')
    FROM (SELECT CAST(''!"#$%&()*+,-./:;<=>?@[\]^_`{|}~'' || chr(39) AS text) AS signs) x';
COMMENT ON FUNCTION folkmoot_vector IS 'What an idea is found by';
-- The words of commons/idea_words.h; a * at the end says that the last word may go on.
CREATE FUNCTION folkmoot_query(typed text) RETURNS tsquery LANGUAGE sql STABLE STRICT PARALLEL SAFE AS
 'SELECT CASE WHEN right(typed, 1) = ''*'' AND q <> '''' THEN CAST(q || '':*'' AS tsquery) ELSE CAST(q AS tsquery) END
    FROM (SELECT CAST(websearch_to_tsquery(''folkmoot'', folkmoot_plain(typed)) AS text) AS q) x';
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
SELECT place_id, id, folkmoot_vector(title, body)
  FROM idea;
-- end
-- afterwards:
-- On PostgreSQL both are partial, so that only who asks by receipt or name is tempted to use them: while a table is
-- new, PostgreSQL knows nothing of it and would take them for looking up a person.
-- A drawer of a large box, and whether a receipt is in it.
CREATE INDEX /*pg CONCURRENTLY IF NOT EXISTS*/ roll_by_receipt ON roll (place_id, round_id, receipt) /*pg WHERE receipt IS NOT NULL*/;
-- The roll by name.
CREATE INDEX /*pg CONCURRENTLY IF NOT EXISTS*/ person_by_name ON person (place_id, name, id) /*pg WHERE name IS NOT NULL*/;
-- Whether an idea has won: asked on its page, and for each idea that may go into a round.
CREATE INDEX /*pg CONCURRENTLY IF NOT EXISTS*/ project_by_idea ON project (place_id, idea_id) /*pg WHERE idea_id IS NOT NULL*/;
-- pg:
CREATE INDEX CONCURRENTLY IF NOT EXISTS idea_search_words ON idea_search USING gin (place_id, words);
-- end
