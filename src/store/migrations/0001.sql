-- The first schema. gen_sql reads this neutral description and writes the tables for SQLite
-- (STRICT) and PostgreSQL (with COMMENT ON from the remarks). Column types: any *_id kind of
-- base/id.h, int, bool, money (minor units), time (microseconds UTC), text, bytes.
-- Every key starts with place_id, so that a city can be split by place.

-- Which place a path belongs to: the only table that spans places.
CREATE TABLE place_slug (
  slug        text NOT NULL,      -- first part of the place's path
  place_id    place_id NOT NULL,  -- the place it leads to
  PRIMARY KEY (slug)
) /*sqlite WITHOUT ROWID*/;

-- A place: a neighbourhood, village or city that holds things in common.
CREATE TABLE place (
  place_id    place_id NOT NULL,  -- random
  slug        text NOT NULL,      -- as in place_slug
  name        text NOT NULL,      -- what its people call it
  purpose     text NOT NULL,      -- why it is here, one or two sentences
  language    text NOT NULL,      -- BCP 47 tag of its pages
  currency    text NOT NULL,      -- ISO 4217 code of its money
  zone        text NOT NULL,      -- IANA time zone of its dates
  people      int,                -- how many live there, where known
  last_year   int,                -- the year the money is to be spent by, where set
  recipe      text NOT NULL,      -- the recipe it was set up from
  settings    text NOT NULL,      -- JSON: limits and wording the recipe or the place chose
  imported    bool NOT NULL,      -- made from a file of votes: no members, no money
  created_at  time NOT NULL,      -- when it was set up
  PRIMARY KEY (place_id)
) /*sqlite WITHOUT ROWID*/;

-- The parts of a place (streets, estates) that turnout is shown by.
CREATE TABLE area (
  place_id    place_id NOT NULL,  -- its place
  area        text NOT NULL,      -- short key
  name        text NOT NULL,      -- as people say it
  position    int NOT NULL,       -- order in lists, from 1
  PRIMARY KEY (place_id, area)
) /*sqlite WITHOUT ROWID*/;

-- Somebody who takes part in one place.
CREATE TABLE person (
  place_id    place_id NOT NULL,  -- their place
  id          person_id NOT NULL, -- random
  name        text NOT NULL,      -- as others see it
  email       text,               -- lower case; NULL when there is none
  area        text,               -- the part of the place they live in, where given
  joined_at   time NOT NULL,      -- when they first signed in
  PRIMARY KEY (place_id, id),
  UNIQUE (place_id, email)
) /*sqlite WITHOUT ROWID*/;

-- What a person does for the place beside being a member.
CREATE TABLE role (
  place_id    place_id NOT NULL,  -- the place
  person_id   person_id NOT NULL, -- who
  role        text NOT NULL CHECK (role IN ('steward', 'treasurer')), -- what
  since       time NOT NULL,      -- when it was given
  PRIMARY KEY (place_id, person_id, role)
) /*sqlite WITHOUT ROWID*/;

-- A try to sign in or join: a link and a code are on their way by mail.
CREATE TABLE sign_in (
  place_id    place_id NOT NULL,  -- the place
  id          sign_in_id NOT NULL, -- random; the browser that asked holds it
  email       text NOT NULL,      -- lower case
  name        text,               -- given when joining
  next_path   text,               -- where to go afterwards, a path of this place
  link_hash   bytes NOT NULL,     -- SHA-256 of the one-time link's token
  code_hash   bytes NOT NULL,     -- keyed hash of the 6-digit code
  tries       int NOT NULL,       -- wrong codes so far; dies at 5
  expires_at  time NOT NULL,      -- 15 minutes after it was asked for
  used_at     time,               -- when it was used; works once
  PRIMARY KEY (place_id, id),
  UNIQUE (place_id, link_hash)
) /*sqlite WITHOUT ROWID*/;

-- A signed-in browser.
CREATE TABLE session (
  place_id    place_id NOT NULL,  -- the place
  token_hash  bytes NOT NULL,     -- SHA-256 of the cookie's token
  person_id   person_id NOT NULL, -- who is signed in
  created_at  time NOT NULL,      -- when
  expires_at  time NOT NULL,      -- when it ends by itself
  PRIMARY KEY (place_id, token_hash)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX session_by_end ON session (place_id, expires_at);

-- Something somebody proposes.
CREATE TABLE idea (
  place_id    place_id NOT NULL,  -- its place
  id          idea_id NOT NULL,   -- random
  author_id   person_id NOT NULL, -- who wrote it
  title       text NOT NULL,      -- one line
  body        text NOT NULL,      -- what and why, Markdown
  rough_cost  money,              -- what the author thinks it costs
  state       text NOT NULL CHECK (state IN ('open', 'checked', 'declined')), -- where it is in its life
  created_at  time NOT NULL,      -- when it was proposed
  changed_at  time NOT NULL,      -- last edit
  version     int NOT NULL,       -- counts edits from 1
  judgement   int NOT NULL,       -- counts what stewards decided on it; 0: not yet
  comments    int NOT NULL,       -- how many comments it has (rebuilt by check)
  owner       text,               -- checked: who will see it through
  permission  text,               -- checked: whose permission it has or needs
  real_cost   money,              -- checked: what it will really cost
  reason      text,               -- declined: why, for its author and everybody
  judged_by   person_id,          -- the steward who checked or declined it
  judged_at   time,               -- when
  PRIMARY KEY (place_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX idea_by_time ON idea (place_id, created_at, id, state, comments); -- the last two: home pages choose in it
CREATE INDEX idea_by_state ON idea (place_id, state, created_at, id);

-- What an idea said before each edit, and now.
CREATE TABLE idea_version (
  place_id    place_id NOT NULL,  -- its place
  idea_id     idea_id NOT NULL,   -- the idea
  version     int NOT NULL,       -- from 1
  title       text NOT NULL,      -- then
  body        text NOT NULL,      -- then
  rough_cost  money,              -- then
  author_id   person_id NOT NULL, -- who wrote this version
  written_at  time NOT NULL,      -- when
  salt        bytes NOT NULL,     -- 16 random bytes: the record has only SHA-256 of salt and text, so both can be erased
  PRIMARY KEY (place_id, idea_id, version)
) /*sqlite WITHOUT ROWID*/;

-- What stewards decided on an idea, each time; the last one is also in idea.
CREATE TABLE idea_judgement (
  place_id    place_id NOT NULL,  -- its place
  idea_id     idea_id NOT NULL,   -- the idea
  number      int NOT NULL,       -- from 1
  verdict     text NOT NULL CHECK (verdict IN ('check', 'decline', 'reopen')), -- what was decided
  owner       text,               -- check: as in idea
  permission  text,               -- check: as in idea
  real_cost   money,              -- check: as in idea
  reason      text,               -- decline: as in idea
  judged_by   person_id NOT NULL, -- the steward
  judged_at   time NOT NULL,      -- when
  salt        bytes NOT NULL,     -- as in idea_version
  PRIMARY KEY (place_id, idea_id, number)
) /*sqlite WITHOUT ROWID*/;

-- What people say about an idea.
CREATE TABLE comment (
  place_id    place_id NOT NULL,  -- its place
  idea_id     idea_id NOT NULL,   -- the idea
  id          comment_id NOT NULL, -- random
  author_id   person_id NOT NULL, -- who
  body        text NOT NULL,      -- Markdown
  created_at  time NOT NULL,      -- when
  salt        bytes NOT NULL,     -- as in idea_version
  PRIMARY KEY (place_id, idea_id, created_at, id),
  UNIQUE (place_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX comment_by_author ON comment (place_id, author_id, created_at);

-- A vote about money from a pot.
CREATE TABLE round (
  place_id    place_id NOT NULL,  -- its place
  id          round_id NOT NULL,  -- random
  title       text NOT NULL,      -- what is decided
  intro       text NOT NULL,      -- Markdown, for voters
  state       text NOT NULL CHECK (state IN ('draft', 'open', 'settling', 'counting', 'counted', 'void')), -- settling: voting over, challenges open
  budget      money NOT NULL,     -- what the options share
  ballot_kind text NOT NULL CHECK (ballot_kind IN ('approval', 'choose-1', 'ordinal', 'cumulative')), -- how people choose; the last two only in imports
  most        int,                -- at most so many options on a ballot; NULL: no limit
  rule        text NOT NULL,      -- counting rule: equal-shares or greedy
  utility     text NOT NULL,      -- its utility: cost or cardinality
  completion  text NOT NULL,      -- its completion: none, add1, add1-official, add1u, greedy
  increment   money,              -- the completion's step
  ties        text NOT NULL,      -- tie rule: id or cost-votes-lot
  lot_seed    bytes,              -- decides drawn ties; public after the close, its hash before
  who_may     text NOT NULL CHECK (who_may IN ('members', 'residents')), -- eligibility: any member, or who declares to live in one of the areas
  least_age   int,                -- and to be at least so old
  opens_at    time NOT NULL,      -- voting starts
  closes_at   time NOT NULL,      -- voting ends
  opened_at   time,               -- when a steward fixed the rules
  frozen_at   time,               -- when the roll was frozen, challenges settled
  counted_at  time,               -- when the count was done
  rules       text,               -- the canonical file of options, costs and rules; fixed at opening
  rules_hash  bytes,              -- its SHA-256: the fingerprint
  void_reason text,               -- void: why it was ended without a count
  replaces_id round_id,           -- the voided round this one opens again
  account_id  account_id,         -- holds the budget while the round runs
  created_by  person_id,          -- the steward; NULL for an import
  created_at  time NOT NULL,      -- when
  ballots     int NOT NULL,       -- in the box when counted; 0 before
  PRIMARY KEY (place_id, id)
) /*sqlite WITHOUT ROWID*/;

-- What can be chosen in a round; fixed when it opens.
CREATE TABLE option (
  place_id    place_id NOT NULL,  -- its place
  round_id    round_id NOT NULL,  -- its round
  id          option_id NOT NULL, -- random
  number      int NOT NULL,       -- 1.. within the round: its name on ballots and in files
  label       text NOT NULL,      -- id in files: the number, or an import's project_id
  idea_id     idea_id,            -- what it came from; NULL in an import
  title       text NOT NULL,      -- as frozen
  summary     text NOT NULL,      -- as frozen, plain text
  cost        money NOT NULL CHECK (cost >= 0), -- final cost
  withdrawn_at time,              -- withdrawn while voting ran: ballots stand, it can't win
  withdrawn_reason text,          -- why, public
  selected    bool,               -- imports: the file itself names it as a winner
  PRIMARY KEY (place_id, round_id, number),
  UNIQUE (place_id, round_id, id)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX option_by_idea ON option (place_id, idea_id);

-- Who may vote in a round, and whether they did. Never says what.
CREATE TABLE roll (
  place_id    place_id NOT NULL,  -- its place
  round_id    round_id NOT NULL,  -- its round
  person_id   person_id NOT NULL, -- who
  area        text,               -- where they declared to live
  struck      bool NOT NULL,      -- taken off after a challenge
  voted       bool NOT NULL,      -- a ballot of theirs is in the box
  receipt     bytes,              -- SHA-256 of a random nonce that only the voter has; NULL: no ballot
  PRIMARY KEY (place_id, round_id, person_id),
  CHECK ((voted = 0) = (receipt IS NULL))
) /*sqlite WITHOUT ROWID*/;

-- A ballot. No name, no time, no row order, no receipt. ballot_key is a keyed hash of the person
-- under the round's secret, which is kept outside the database and destroyed at the close.
CREATE TABLE ballot (
  place_id    place_id NOT NULL,  -- its place
  round_id    round_id NOT NULL,  -- its round
  ballot_key  bytes NOT NULL,     -- 32 bytes; means nothing once the secret is gone
  choice      text NOT NULL,      -- option numbers, "2,5,9" ascending; ordinal: by rank; cumulative: "2:3,5:1"
  PRIMARY KEY (place_id, round_id, ballot_key)
) /*sqlite WITHOUT ROWID*/;

-- A doubt whether somebody may vote in a round; settled before the count.
CREATE TABLE challenge (
  place_id    place_id NOT NULL,  -- its place
  round_id    round_id NOT NULL,  -- its round
  id          challenge_id NOT NULL, -- random
  person_id   person_id NOT NULL, -- whose place on the roll is in doubt
  by_id       person_id NOT NULL, -- who doubts it
  reason      text NOT NULL,      -- why; seen by stewards and the person it is about
  made_at     time NOT NULL,      -- when
  settled_at  time,               -- when a steward settled it
  settled_by  person_id,          -- who
  upheld      bool,               -- true: taken off the roll, ballot taken out
  answer      text,               -- the steward's words
  PRIMARY KEY (place_id, round_id, id)
) /*sqlite WITHOUT ROWID*/;

-- What an imported file of votes had beside what we use: for an export without loss.
CREATE TABLE import (
  place_id    place_id NOT NULL,  -- its place
  round_id    round_id NOT NULL,  -- the round made from it
  meta        text NOT NULL,      -- JSON: META rows in order [[key, value], …]
  option_columns text NOT NULL,   -- JSON: PROJECTS header
  ballot_columns text NOT NULL,   -- JSON: VOTES header
  rule        text NOT NULL,      -- what the file says it was counted by
  names_winners bool NOT NULL,    -- it says of each option whether it won: option.selected
  PRIMARY KEY (place_id, round_id)
) /*sqlite WITHOUT ROWID*/;

-- One line of an imported file, all cells as they stood.
CREATE TABLE import_line (
  place_id    place_id NOT NULL,  -- its place
  round_id    round_id NOT NULL,  -- its round
  section     int NOT NULL CHECK (section IN (1, 2)), -- 1 PROJECTS, 2 VOTES
  line        int NOT NULL,       -- order within the section, from 1
  cells       text NOT NULL,      -- JSON array of strings
  PRIMARY KEY (place_id, round_id, section, line)
) /*sqlite WITHOUT ROWID*/;

-- One way of counting a round's ballots, and what came of it. Can be made again from them.
CREATE TABLE outcome (
  place_id    place_id NOT NULL,  -- its place
  round_id    round_id NOT NULL,  -- its round
  id          outcome_id NOT NULL, -- random
  official    bool NOT NULL,      -- by the round's own rule; the others are for comparison
  rule        text NOT NULL,      -- as in round
  utility     text NOT NULL,      -- as in round
  completion  text NOT NULL,      -- as in round
  increment   money,              -- as in round
  ties        text NOT NULL,      -- as in round
  voters      int NOT NULL,       -- ballots counted
  represented int NOT NULL,       -- voters with at least one winning choice
  total_cost  money NOT NULL,     -- of the winners
  winners     int NOT NULL,       -- how many
  detail      text NOT NULL,      -- JSON: every step, distributions; no single ballots
  PRIMARY KEY (place_id, round_id, id)
) /*sqlite WITHOUT ROWID*/;

-- How one option fared in one outcome.
CREATE TABLE outcome_option (
  place_id    place_id NOT NULL,  -- its place
  round_id    round_id NOT NULL,  -- its round
  outcome_id  outcome_id NOT NULL, -- the outcome
  number      int NOT NULL,       -- the option
  place_won   int,                -- 1.. in order of selection; NULL: it did not win
  votes       int NOT NULL,       -- ballots that name it
  could_pay   money,              -- Equal Shares: what its supporters could still pay when it was last looked at
  room        money,              -- by votes: what was left of the budget when it was looked at
  why         text NOT NULL,      -- reason code, core/decide/outcome.h
  PRIMARY KEY (place_id, round_id, outcome_id, number)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX outcome_option_by_won ON outcome_option (place_id, round_id, outcome_id, place_won);

-- A place where value is held, in the place's currency.
CREATE TABLE account (
  place_id    place_id NOT NULL,  -- its place
  id          account_id NOT NULL, -- random
  kind        text NOT NULL CHECK (kind IN ('source', 'pot', 'round', 'award', 'paid')), -- source: where money comes from; paid: what has left
  name        text NOT NULL,      -- as shown
  floor       money,              -- may never go below; NULL: no floor (only source)
  balance     money NOT NULL,     -- sum of its postings (rebuilt by check)
  PRIMARY KEY (place_id, id),
  CHECK (floor IS NULL OR balance >= floor)
) /*sqlite WITHOUT ROWID*/;

-- Something that happened to money; never changed afterwards.
CREATE TABLE entry (
  place_id    place_id NOT NULL,  -- its place
  id          entry_id NOT NULL,  -- random
  kind        text NOT NULL CHECK (kind IN ('grant', 'reserve', 'award', 'return', 'payment', 'correction')), -- what happened
  happened_on time NOT NULL,      -- the day it counts from: midnight UTC of that date
  recorded_at time NOT NULL,      -- when it was written down
  recorded_by person_id,          -- who wrote it; NULL: the program, at a count
  memo        text NOT NULL,      -- public words
  payee       text,               -- payment: to whom; for treasurer and stewards only
  reference   text,               -- payment: the bank's reference; for treasurer and stewards only
  project_id  project_id,         -- award, payment: the project
  round_id    round_id,           -- reserve, award, return: the round
  corrects_id entry_id,           -- correction: the payment it takes back
  client_key  bytes NOT NULL,     -- made by the form: the same key again is the same entry
  PRIMARY KEY (place_id, id),
  UNIQUE (place_id, client_key),
  UNIQUE (place_id, corrects_id)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX entry_by_day ON entry (place_id, happened_on, recorded_at, id);

-- One side of an entry. The postings of an entry sum to zero.
CREATE TABLE posting (
  place_id    place_id NOT NULL,  -- its place
  entry_id    entry_id NOT NULL,  -- its entry
  line        int NOT NULL,       -- from 1
  account_id  account_id NOT NULL, -- whose balance it changes
  amount      money NOT NULL CHECK (amount <> 0), -- plus: into the account
  PRIMARY KEY (place_id, entry_id, line)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX posting_by_account ON posting (place_id, account_id, entry_id);

-- A winner, being done.
CREATE TABLE project (
  place_id    place_id NOT NULL,  -- its place
  id          project_id NOT NULL, -- random
  round_id    round_id NOT NULL,  -- where it won
  number      int NOT NULL,       -- as which option
  idea_id     idea_id,            -- from which idea
  title       text NOT NULL,      -- as it won
  award       money NOT NULL,     -- what it was given
  account_id  account_id NOT NULL, -- holds what is not yet paid
  created_at  time NOT NULL,      -- when
  PRIMARY KEY (place_id, id),
  UNIQUE (place_id, round_id, number)
) /*sqlite WITHOUT ROWID*/;

-- A file somebody uploaded: receipts and invoices.
CREATE TABLE file (
  place_id    place_id NOT NULL,  -- its place
  id          file_id NOT NULL,   -- random
  entry_id    entry_id NOT NULL,  -- the payment it proves
  name        text NOT NULL,      -- as uploaded
  type        text NOT NULL,      -- checked media type
  size        int NOT NULL,       -- bytes
  sha256      bytes NOT NULL,     -- of the content
  content     bytes NOT NULL,     -- the file itself
  uploaded_by person_id NOT NULL, -- who
  uploaded_at time NOT NULL,      -- when
  PRIMARY KEY (place_id, id)
);
CREATE INDEX file_by_entry ON file (place_id, entry_id);

-- A public act in the place's record. Comes in without order; the sequencer gives positions.
CREATE TABLE leaf (
  place_id    place_id NOT NULL,  -- its place
  id          leaf_id NOT NULL,   -- random
  hash        bytes NOT NULL,     -- RFC 6962 leaf hash of body
  body        text NOT NULL,      -- canonical JSON (RFC 8785)
  PRIMARY KEY (place_id, id)
) /*sqlite WITHOUT ROWID*/;

-- Leaves that have no position yet.
CREATE TABLE leaf_waiting (
  place_id    place_id NOT NULL,  -- its place
  leaf_id     leaf_id NOT NULL,   -- the leaf
  PRIMARY KEY (place_id, leaf_id)
) /*sqlite WITHOUT ROWID*/;

-- The order of the record.
CREATE TABLE leaf_position (
  place_id    place_id NOT NULL,  -- its place
  position    int NOT NULL,       -- from 0, without gaps
  leaf_id     leaf_id NOT NULL,   -- the leaf there
  PRIMARY KEY (place_id, position),
  UNIQUE (place_id, leaf_id)
) /*sqlite WITHOUT ROWID*/;

-- Hashes of complete subtrees (RFC 6962), so that a proof reads few rows. Rebuilt by check.
CREATE TABLE tree_node (
  place_id    place_id NOT NULL,  -- its place
  level       int NOT NULL,       -- 0: leaves
  number      int NOT NULL,       -- from 0, left to right
  hash        bytes NOT NULL,     -- 32 bytes
  PRIMARY KEY (place_id, level, number)
) /*sqlite WITHOUT ROWID*/;

-- Each state of the record that was published.
CREATE TABLE tree_head (
  place_id    place_id NOT NULL,  -- its place
  size        int NOT NULL,       -- leaves in it
  root        bytes NOT NULL,     -- RFC 6962 tree hash
  made_at     time NOT NULL,      -- when
  PRIMARY KEY (place_id, size)
) /*sqlite WITHOUT ROWID*/;

-- Work to be done later or by the clock; taken with a lease.
CREATE TABLE job (
  place_id    place_id NOT NULL,  -- its place
  id          job_id NOT NULL,    -- random
  kind        text NOT NULL,      -- close-round, count-round, …
  subject     int NOT NULL,       -- id of what it is about
  due_at      time NOT NULL,      -- not before; while it is worked on, when the lease ends
  lease_until time,               -- somebody works on it until then
  attempts    int NOT NULL,       -- so far
  last_error  text,               -- of the last attempt
  PRIMARY KEY (place_id, id),
  UNIQUE (place_id, kind, subject)
) /*sqlite WITHOUT ROWID*/;
CREATE INDEX job_by_due ON job (kind, due_at);

-- Mail on its way out; a job of kind send-mail tries until it is gone.
CREATE TABLE mail (
  place_id    place_id NOT NULL,  -- its place
  id          mail_id NOT NULL,   -- random
  recipient   text NOT NULL,      -- address
  subject     text NOT NULL,      -- one line
  body        text NOT NULL,      -- plain text
  created_at  time NOT NULL,      -- when it was written; given up some days later
  PRIMARY KEY (place_id, id)
) /*sqlite WITHOUT ROWID*/;

-- Full-text search over ideas: the one place where each engine uses its own.
-- sqlite:
-- rowid is the idea's id.
CREATE VIRTUAL TABLE idea_search USING fts5 (title, body, tokenize = 'porter unicode61 remove_diacritics 2');
-- pg:
CREATE TABLE idea_search (
  idea_id     bigint NOT NULL,
  words       tsvector NOT NULL,
  PRIMARY KEY (idea_id)
);
CREATE INDEX idea_search_words ON idea_search USING gin (words);
COMMENT ON TABLE idea_search IS 'Full-text search over ideas';
COMMENT ON COLUMN idea_search.idea_id IS 'the idea';
COMMENT ON COLUMN idea_search.words IS 'its title and body, in words';
-- end
