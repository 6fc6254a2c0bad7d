-- Every table is keyed by city_id first, so that one engine can later hold several cities.
CREATE TABLE cities (
    city_id     TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    epoch       TEXT NOT NULL,
    log_id      TEXT NOT NULL,
    log_seq     INTEGER NOT NULL DEFAULT 0,
    log_hash    TEXT NOT NULL,
    change_seq  INTEGER NOT NULL DEFAULT 0,
    change_hash TEXT NOT NULL,
    device_seq  INTEGER NOT NULL DEFAULT 0,
    created_ms  INTEGER NOT NULL
) STRICT;

CREATE TABLE notices (
    city_id TEXT NOT NULL,
    year    INTEGER NOT NULL,
    last_no INTEGER NOT NULL,
    PRIMARY KEY (city_id, year)
) STRICT;

CREATE TABLE accounts (
    city_id       TEXT NOT NULL,
    account_id    TEXT NOT NULL,
    login         TEXT NOT NULL,
    name          TEXT NOT NULL,
    preset        TEXT NOT NULL,
    unit_id       TEXT,
    password_hash TEXT NOT NULL DEFAULT '',
    disabled      INTEGER NOT NULL DEFAULT 0,
    created_ms    INTEGER NOT NULL,
    PRIMARY KEY (city_id, account_id)
) STRICT;
CREATE UNIQUE INDEX accounts_login ON accounts (city_id, login);

CREATE TABLE web_sessions (
    city_id    TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    account_id TEXT NOT NULL,
    csrf       TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    seen_ms    INTEGER NOT NULL,
    PRIMARY KEY (city_id, token_hash)
) STRICT;

CREATE TABLE enrol_codes (
    city_id    TEXT NOT NULL,
    code_hash  TEXT NOT NULL,
    account_id TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    -- set once used; the same key may ask again and gets the same answer
    device_id  TEXT,
    PRIMARY KEY (city_id, code_hash)
) STRICT;

CREATE TABLE devices (
    city_id     TEXT NOT NULL,
    device_id   TEXT NOT NULL,
    account_id  TEXT NOT NULL,
    name        TEXT NOT NULL,
    label       TEXT NOT NULL,
    public_key  TEXT NOT NULL,
    enrolled_ms INTEGER NOT NULL,
    revoked_ms  INTEGER,
    replaces    TEXT,
    PRIMARY KEY (city_id, device_id)
) STRICT;

CREATE TABLE device_sessions (
    city_id    TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    device_id  TEXT NOT NULL,
    expires_ms INTEGER NOT NULL,
    PRIMARY KEY (city_id, token_hash)
) STRICT;

CREATE TABLE areas (
    city_id   TEXT NOT NULL,
    area_id   TEXT NOT NULL,
    parent_id TEXT,
    name      TEXT NOT NULL,
    level     TEXT NOT NULL,
    PRIMARY KEY (city_id, area_id)
) STRICT;

CREATE TABLE units (
    city_id TEXT NOT NULL,
    unit_id TEXT NOT NULL,
    name    TEXT NOT NULL,
    leader  TEXT NOT NULL DEFAULT '',
    contact TEXT NOT NULL DEFAULT '',
    phone   TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (city_id, unit_id)
) STRICT;
CREATE UNIQUE INDEX units_name ON units (city_id, name);

CREATE TABLE sites (
    city_id   TEXT NOT NULL,
    site_id   TEXT NOT NULL,
    area_id   TEXT NOT NULL,
    name      TEXT NOT NULL,
    site_type TEXT NOT NULL,
    address   TEXT NOT NULL DEFAULT '',
    lat       REAL,
    lon       REAL,
    PRIMARY KEY (city_id, site_id)
) STRICT;

CREATE TABLE duties (
    city_id     TEXT NOT NULL,
    duty_id     TEXT NOT NULL,
    date        TEXT NOT NULL,
    lead_id     TEXT NOT NULL,
    planned_ms  INTEGER NOT NULL,
    departed_ms INTEGER,
    PRIMARY KEY (city_id, duty_id)
) STRICT;

CREATE TABLE duty_members (
    city_id    TEXT NOT NULL,
    duty_id    TEXT NOT NULL,
    account_id TEXT NOT NULL,
    PRIMARY KEY (city_id, duty_id, account_id)
) STRICT;

CREATE TABLE tasks (
    city_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    duty_id TEXT NOT NULL,
    site_id TEXT NOT NULL,
    PRIMARY KEY (city_id, task_id)
) STRICT;
CREATE INDEX tasks_duty ON tasks (city_id, duty_id);

-- Logs: seq and hash are the end of the run without a gap, which the signed head states.
CREATE TABLE logs (
    city_id   TEXT NOT NULL,
    log_id    TEXT NOT NULL,
    device_id TEXT NOT NULL,
    seq       INTEGER NOT NULL DEFAULT 0,
    hash      TEXT NOT NULL,
    forked    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (city_id, log_id)
) STRICT;

CREATE TABLE ops (
    city_id     TEXT NOT NULL,
    op_id       TEXT NOT NULL,
    log_id      TEXT NOT NULL,
    seq         INTEGER NOT NULL,
    head        TEXT NOT NULL,
    body        TEXT,
    sig         TEXT NOT NULL,
    hash        TEXT NOT NULL,
    author_id   TEXT NOT NULL,
    device_id   TEXT NOT NULL,
    kind        TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    verdict     TEXT NOT NULL DEFAULT 'parked',
    code        TEXT NOT NULL DEFAULT '',
    detail      TEXT NOT NULL DEFAULT '',
    -- the thing waited for while parked
    waits_for   TEXT,
    PRIMARY KEY (city_id, op_id)
) STRICT;
CREATE INDEX ops_log ON ops (city_id, log_id, seq);
CREATE INDEX ops_waiting ON ops (city_id, waits_for) WHERE waits_for IS NOT NULL;

CREATE TABLE visits (
    city_id     TEXT NOT NULL,
    visit_id    TEXT NOT NULL,
    task_id     TEXT,
    site_id     TEXT,
    author_id   TEXT NOT NULL,
    mode        TEXT NOT NULL,
    role        TEXT NOT NULL,
    manual      TEXT NOT NULL,
    started_ms  INTEGER NOT NULL,
    finished_ms INTEGER,
    PRIMARY KEY (city_id, visit_id)
) STRICT;

CREATE TABLE observations (
    city_id     TEXT NOT NULL,
    op_id       TEXT NOT NULL,
    visit_id    TEXT NOT NULL,
    item        TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    note        TEXT NOT NULL,
    observed_ms INTEGER NOT NULL,
    PRIMARY KEY (city_id, op_id)
) STRICT;
CREATE INDEX observations_visit ON observations (city_id, visit_id);

CREATE TABLE problems (
    city_id          TEXT NOT NULL,
    problem_id       TEXT NOT NULL,
    temp_no          TEXT NOT NULL,
    no               TEXT NOT NULL DEFAULT '',
    state            TEXT NOT NULL,
    -- rises with every change; the ETag that If-Match names
    rev              INTEGER NOT NULL DEFAULT 1,
    reporter_id      TEXT NOT NULL,
    visit_id         TEXT,
    site_id          TEXT,
    item             TEXT NOT NULL DEFAULT '',
    source           TEXT NOT NULL,
    category         TEXT NOT NULL,
    claimed_category TEXT NOT NULL DEFAULT '',
    severity         TEXT NOT NULL,
    place            TEXT NOT NULL,
    fix              TEXT,
    by_hand          TEXT,
    note             TEXT NOT NULL,
    missing_shot     TEXT NOT NULL DEFAULT '',
    suggested_unit   TEXT,
    suggested_class  TEXT NOT NULL DEFAULT '',
    found_ms         INTEGER NOT NULL,
    clock_checked    INTEGER NOT NULL,
    received_ms      INTEGER NOT NULL,
    reason           TEXT NOT NULL DEFAULT '',
    merged_into      TEXT,
    amended          INTEGER NOT NULL DEFAULT 0,
    -- from dispatch on
    dispatch_id      TEXT,
    unit_id          TEXT,
    deadline_ms      INTEGER,
    class            TEXT NOT NULL DEFAULT '',
    assigned_ms      INTEGER,
    signed_ms        INTEGER,
    extended         INTEGER NOT NULL DEFAULT 0,
    feedback_ms      INTEGER,
    feedback_by      TEXT,
    measure          TEXT NOT NULL DEFAULT '',
    result           TEXT NOT NULL DEFAULT '',
    recheck_ms       INTEGER,
    recheck_by       TEXT,
    recheck_result   TEXT NOT NULL DEFAULT '',
    closed_ms        INTEGER,
    PRIMARY KEY (city_id, problem_id)
) STRICT;
CREATE INDEX problems_state ON problems (city_id, state, received_ms);
CREATE INDEX problems_received ON problems (city_id, received_ms, problem_id);
CREATE INDEX problems_unit ON problems (city_id, unit_id, received_ms);
CREATE INDEX problems_reporter ON problems (city_id, reporter_id, received_ms);

CREATE TABLE problem_events (
    city_id    TEXT NOT NULL,
    op_id      TEXT NOT NULL,
    problem_id TEXT NOT NULL,
    at_ms      INTEGER NOT NULL,
    actor_id   TEXT NOT NULL,
    event      TEXT NOT NULL,
    from_state TEXT NOT NULL,
    to_state   TEXT NOT NULL,
    note       TEXT NOT NULL,
    detail     TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (city_id, op_id)
) STRICT;
CREATE INDEX problem_events_problem ON problem_events (city_id, problem_id, at_ms);

CREATE TABLE dispatches (
    city_id     TEXT NOT NULL,
    dispatch_id TEXT NOT NULL,
    year        INTEGER NOT NULL,
    notice      INTEGER NOT NULL,
    unit_id     TEXT NOT NULL,
    by_id       TEXT NOT NULL,
    deadline_ms INTEGER NOT NULL,
    class       TEXT NOT NULL,
    requirement TEXT NOT NULL DEFAULT '',
    created_ms  INTEGER NOT NULL,
    PRIMARY KEY (city_id, dispatch_id)
) STRICT;

CREATE TABLE photos (
    city_id    TEXT NOT NULL,
    photo_id   TEXT NOT NULL,
    problem_id TEXT,
    visit_id   TEXT,
    author_id  TEXT NOT NULL,
    shot       TEXT NOT NULL,
    origin     TEXT NOT NULL,
    -- before: as found; after: as put right or rechecked
    side       TEXT NOT NULL,
    -- the photo.added body, or its like for a web upload
    facts      TEXT NOT NULL,
    added_ms   INTEGER NOT NULL,
    PRIMARY KEY (city_id, photo_id)
) STRICT;
CREATE INDEX photos_problem ON photos (city_id, problem_id);

CREATE TABLE photo_files (
    city_id     TEXT NOT NULL,
    photo_id    TEXT NOT NULL,
    rendition   TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    len         INTEGER NOT NULL,
    mime        TEXT NOT NULL,
    complete_ms INTEGER,
    PRIMARY KEY (city_id, photo_id, rendition)
) STRICT;
CREATE INDEX photo_files_hash ON photo_files (city_id, sha256);

CREATE TABLE uploads (
    city_id     TEXT NOT NULL,
    upload_id   TEXT NOT NULL,
    account_id  TEXT NOT NULL,
    photo_id    TEXT NOT NULL,
    rendition   TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    len         INTEGER NOT NULL,
    created_ms  INTEGER NOT NULL,
    complete_ms INTEGER,
    PRIMARY KEY (city_id, upload_id)
) STRICT;

-- Bytes that lie durable in the object store.
CREATE TABLE objects (
    city_id    TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    len        INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (city_id, sha256)
) STRICT;

-- Who has shown that he has the bytes of a hash; naming a hash grants nothing.
CREATE TABLE holdings (
    city_id    TEXT NOT NULL,
    account_id TEXT NOT NULL,
    sha256     TEXT NOT NULL,
    PRIMARY KEY (city_id, account_id, sha256)
) STRICT;

-- What phones pull. hash runs over all changes of the city, so that a cursor can tell a restored
-- server from the one it knew.
CREATE TABLE changes (
    city_id  TEXT NOT NULL,
    seq      INTEGER NOT NULL,
    audience TEXT NOT NULL,
    at_ms    INTEGER NOT NULL,
    body     TEXT NOT NULL,
    hash     TEXT NOT NULL,
    PRIMARY KEY (city_id, seq)
) STRICT;
CREATE INDEX changes_audience ON changes (city_id, audience, seq);

CREATE TABLE idempotency (
    city_id    TEXT NOT NULL,
    account_id TEXT NOT NULL,
    key        TEXT NOT NULL,
    request    TEXT NOT NULL,
    status     INTEGER NOT NULL,
    body       TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    PRIMARY KEY (city_id, account_id, key)
) STRICT;
