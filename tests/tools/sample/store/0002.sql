-- Later.
ALTER TABLE part ADD COLUMN weight int; -- in grams
ALTER TABLE part RENAME COLUMN name TO label;
-- sqlite:
CREATE TABLE only_sqlite (place_id INTEGER PRIMARY KEY);
-- pg:
CREATE TABLE only_pg (place_id bigint PRIMARY KEY);
-- end
UPDATE thing SET number = 1 WHERE /*sqlite 1 = 1*/ /*pg true*/;
