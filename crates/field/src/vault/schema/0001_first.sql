CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- The log. Never pruned.
CREATE TABLE ops (
    seq         INTEGER PRIMARY KEY,
    op_id       TEXT NOT NULL UNIQUE,
    head        TEXT NOT NULL,
    body        TEXT,
    sig         TEXT NOT NULL,
    hash        TEXT NOT NULL,
    kind        TEXT NOT NULL,
    subject     TEXT NOT NULL,
    -- queued, confirmed (receipt with our hash), refused
    stage       TEXT NOT NULL DEFAULT 'queued',
    received_ms INTEGER,
    refusal     TEXT NOT NULL DEFAULT '',
    verdict     TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX ops_stage ON ops (stage, seq);
CREATE INDEX ops_subject ON ops (subject);

-- A problem is a draft until handed_over; then only 补充 and 撤回 add to it.
CREATE TABLE problems (
    problem_id  TEXT PRIMARY KEY,
    temp_no     TEXT NOT NULL DEFAULT '',
    handed_over INTEGER NOT NULL DEFAULT 0,
    draft       TEXT NOT NULL,
    changed_ms  INTEGER NOT NULL,
    state       TEXT NOT NULL DEFAULT 'draft',
    no          TEXT NOT NULL DEFAULT '',
    reason      TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE photos (
    photo_id   TEXT PRIMARY KEY,
    problem_id TEXT NOT NULL,
    position   INTEGER NOT NULL,
    -- the photo.added body
    fact       TEXT NOT NULL
) STRICT;
CREATE INDEX photos_problem ON photos (problem_id, position);

CREATE TABLE photo_files (
    photo_id  TEXT NOT NULL,
    rendition TEXT NOT NULL,
    file      TEXT NOT NULL,
    sha256    TEXT NOT NULL,
    len       INTEGER NOT NULL,
    stage     TEXT NOT NULL DEFAULT 'local',
    upload    TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (photo_id, rendition)
) STRICT;
CREATE INDEX photo_files_stage ON photo_files (stage);

CREATE TABLE duties (
    duty_id TEXT PRIMARY KEY,
    date    TEXT NOT NULL,
    lead    INTEGER NOT NULL
) STRICT;

CREATE TABLE tasks (
    task_id   TEXT PRIMARY KEY,
    duty_id   TEXT NOT NULL,
    card      TEXT NOT NULL,
    withdrawn INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE visits (
    visit_id TEXT PRIMARY KEY,
    task_id  TEXT,
    mode     TEXT NOT NULL,
    finished INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE observations (
    visit_id TEXT NOT NULL,
    item     TEXT NOT NULL,
    outcome  TEXT NOT NULL,
    PRIMARY KEY (visit_id, item)
) STRICT;
