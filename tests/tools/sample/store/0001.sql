-- A schema for the tests of gen_sql: one column of each type.

-- A thing, with two
-- lines of remarks; it's quoted.
CREATE TABLE thing (
  place_id  place_id NOT NULL, -- its place
  id        idea_id NOT NULL,  -- its id
  flag      bool NOT NULL,     -- yes or no
  cost      money,             -- maybe
  at        time,              -- maybe
  maybe     bool,              -- yes, no or not known
  words     text,              -- maybe; 'quoted', and a -- in the middle
  raw       bytes,             -- maybe
  number    int CHECK (number > 0 AND number < 100), -- small, or not there
  PRIMARY KEY (place_id, id),
  UNIQUE (place_id, words)     -- a remark on no column
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX thing_by_number ON thing (place_id, number);

-- What belongs to a thing.
CREATE TABLE part (
  place_id  place_id NOT NULL, -- its place
  thing_id  idea_id NOT NULL,  -- its thing
  name      text NOT NULL,     -- what it is
  PRIMARY KEY (place_id, thing_id, name)
) /*sqlite WITHOUT ROWID*/;
