-- More ways to vote and to count: ballots with points or in order, and every rule for budgets that
-- core/decide/method.h names (so round.rule, .utility, .completion and those of outcome hold any of its
-- names, and ballot_kind can be any in a round of the place's own).

ALTER TABLE round ADD COLUMN points int; -- cumulative: so many points on a ballot; NULL: another kind, or an import
ALTER TABLE round ADD COLUMN points_each int; -- cumulative: at most so many of them to one option; NULL: no other limit
ALTER TABLE round ADD COLUMN threshold int; -- greedy-threshold: so many votes (points, where ballots have them) an option needs
ALTER TABLE outcome_option ADD COLUMN points int; -- of all ballots together; NULL: counted without points
