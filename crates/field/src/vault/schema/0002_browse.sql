-- For lists and search. Nothing here is a record: it is made from `problems` and can be made again.
CREATE INDEX problems_latest ON problems (handed_over, changed_ms, problem_id);

CREATE TABLE problem_numbers (
    n          INTEGER PRIMARY KEY,
    problem_id TEXT NOT NULL UNIQUE
) STRICT;

-- One row per problem, by its number: every letter and digit of what can be searched, a space
-- between any two, so that a phrase finds words of one or two Chinese characters as fast as longer
-- ones.
CREATE VIRTUAL TABLE problem_words USING fts5 (letters);
