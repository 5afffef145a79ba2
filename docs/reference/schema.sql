-- The tables as the migrations and the declared facts leave them on SQLite. Generated; PostgreSQL has the same columns.

CREATE TABLE access_log (
  at text not null,
  account_id text not null,
  kind text not null,
  verb text not null,
  about text not null,
  request text not null
);

CREATE INDEX access_log_at on access_log (at);

CREATE TABLE accounts (
  id text primary key,
  login text not null unique,
  name text not null,
  role text not null check (role in ('county','township','village','department','helper','bank','inspector','evaluator','leader')),
  department text,
  home_code text not null,
  password text not null,
  must_change bigint not null,
  disabled_on text,
  demo bigint not null,
  lang text not null,
  created_at text not null
);

CREATE TABLE area_alarms (
  id           text primary key,
  alarm_id     text not null,                -- of the pack
  area_code    text not null,                -- village, township or county
  title_zh     text not null,
  title_en     text not null,
  severity     text not null check (severity in ('severe', 'serious', 'notice')),
  department   text not null,
  from_day     text not null,
  to_day       text,                         -- first day on which it no longer held
  due_on       text not null,
  sentence_zh  text not null,
  sentence_en  text not null,
  evidence     text not null,                -- JSON: column -> value as it read when it last changed
  pack_id      text not null,
  pack_version bigint not null,
  words        text,
  document     text,
  said_by      text,
  said_name    text,
  said_at      text
);

CREATE INDEX area_alarms_area on area_alarms (area_code, to_day);

CREATE UNIQUE INDEX area_alarms_live on area_alarms (alarm_id, area_code) where to_day is null;

CREATE TRIGGER area_classes_keeps_907a20437c_d after delete on area_classes  begin insert into area_classes_kept (until, code, class, valid_from, valid_to) select (select at from writing), old.code, old.class, old.valid_from, old.valid_to where true on conflict do nothing; end;

CREATE TRIGGER area_classes_keeps_907a20437c_u after update on area_classes when (old.code is not new.code or old.class is not new.class or old.valid_from is not new.valid_from or old.valid_to is not new.valid_to) begin insert into area_classes_kept (until, code, class, valid_from, valid_to) select (select at from writing), old.code, old.class, old.valid_from, old.valid_to where true on conflict do nothing; end;

CREATE TABLE area_classes (
    code       text not null,
    class      text not null,
    valid_from text not null,
    valid_to   text,
    primary key (code, valid_from)
) without rowid;

CREATE TABLE area_classes_kept(
  until TEXT,
  code TEXT,
  class TEXT,
  valid_from TEXT,
  valid_to TEXT
);

CREATE UNIQUE INDEX area_classes_kept_key on area_classes_kept (code, valid_from, until);

CREATE INDEX area_classes_kept_until on area_classes_kept (until);

CREATE TABLE area_groups (
    village_code text not null,
    number       bigint not null,
    name         text not null,
    primary key (village_code, number)
) without rowid;

CREATE TRIGGER area_names_keeps_adaff83d4b_d after delete on area_names  begin insert into area_names_kept (until, code, name, kind, valid_to) select (select at from writing), old.code, old.name, old.kind, old.valid_to where true on conflict do nothing; end;

CREATE TRIGGER area_names_keeps_adaff83d4b_u after update on area_names when (old.code is not new.code or old.name is not new.name or old.kind is not new.kind or old.valid_to is not new.valid_to) begin insert into area_names_kept (until, code, name, kind, valid_to) select (select at from writing), old.code, old.name, old.kind, old.valid_to where true on conflict do nothing; end;

CREATE TABLE area_names (
    code     text not null,
    name     text not null,
    kind     text not null check (kind in ('official', 'short', 'former')),
    valid_to text,                              -- first day on which it was no longer the name
    primary key (name, code, kind)
) without rowid;

CREATE INDEX area_names_code on area_names (code);

CREATE TABLE area_names_kept(
  until TEXT,
  code TEXT,
  name TEXT,
  kind TEXT,
  valid_to TEXT
);

CREATE UNIQUE INDEX area_names_kept_key on area_names_kept (name, code, kind, until);

CREATE INDEX area_names_kept_until on area_names_kept (until);

CREATE TABLE area_successors (
    old_code text not null,
    new_code text not null,
    on_day   text not null,
    primary key (old_code, new_code)
) without rowid;

CREATE TRIGGER areas_keeps_a8ffc819b0_d after delete on areas  begin insert into areas_kept (until, code, name, official_name, level, parent_code, valid_from, valid_to, lon, lat) select (select at from writing), old.code, old.name, old.official_name, old.level, old.parent_code, old.valid_from, old.valid_to, old.lon, old.lat where true on conflict do nothing; end;

CREATE TRIGGER areas_keeps_a8ffc819b0_u after update on areas when (old.code is not new.code or old.name is not new.name or old.official_name is not new.official_name or old.level is not new.level or old.parent_code is not new.parent_code or old.valid_from is not new.valid_from or old.valid_to is not new.valid_to or old.lon is not new.lon or old.lat is not new.lat) begin insert into areas_kept (until, code, name, official_name, level, parent_code, valid_from, valid_to, lon, lat) select (select at from writing), old.code, old.name, old.official_name, old.level, old.parent_code, old.valid_from, old.valid_to, old.lon, old.lat where true on conflict do nothing; end;

CREATE TABLE areas (
    code          text primary key,             -- 12 digits
    name          text not null,                -- short: 红坡村
    official_name text not null,                -- 红坡村委会
    level         text not null check (level in ('province', 'city', 'county', 'town', 'village')),
    parent_code   text,                         -- null at the top of what was imported
    valid_from    text not null,
    valid_to      text,                         -- first day on which the code is no longer in use
    lon           double precision,
    lat           double precision
);

CREATE INDEX areas_parent on areas (parent_code, code);

CREATE TABLE areas_kept(
  until TEXT,
  code TEXT,
  name TEXT,
  official_name TEXT,
  level TEXT,
  parent_code TEXT,
  valid_from TEXT,
  valid_to TEXT,
  lon REAL,
  lat REAL
);

CREATE UNIQUE INDEX areas_kept_key on areas_kept (code, until);

CREATE INDEX areas_kept_until on areas_kept (until);

CREATE TRIGGER batch_rows_keeps_2056ee3f72_d after delete on batch_rows when exists (select 1 from batches b where b.id = old.batch_id and b.state <> 'staging') begin insert into batch_rows_kept (until, batch_id, row_no, outcome, reason, person_id, household_id, village_code, event_key, event_day, amount_fen, repeats_batch, repeats_row) select (select at from writing), old.batch_id, old.row_no, old.outcome, old.reason, old.person_id, old.household_id, old.village_code, old.event_key, old.event_day, old.amount_fen, old.repeats_batch, old.repeats_row where true on conflict do nothing; end;

CREATE TRIGGER batch_rows_keeps_2056ee3f72_u after update on batch_rows when (old.batch_id is not new.batch_id or old.row_no is not new.row_no or old.outcome is not new.outcome or old.reason is not new.reason or old.person_id is not new.person_id or old.household_id is not new.household_id or old.village_code is not new.village_code or old.event_key is not new.event_key or old.event_day is not new.event_day or old.amount_fen is not new.amount_fen or old.repeats_batch is not new.repeats_batch or old.repeats_row is not new.repeats_row) and exists (select 1 from batches b where b.id = old.batch_id and b.state <> 'staging') begin insert into batch_rows_kept (until, batch_id, row_no, outcome, reason, person_id, household_id, village_code, event_key, event_day, amount_fen, repeats_batch, repeats_row) select (select at from writing), old.batch_id, old.row_no, old.outcome, old.reason, old.person_id, old.household_id, old.village_code, old.event_key, old.event_day, old.amount_fen, old.repeats_batch, old.repeats_row where true on conflict do nothing; end;

CREATE TABLE "batch_rows" (
  batch_id text not null,
  row_no bigint not null,
  outcome text not null check (outcome = 'taken' or outcome = 'duplicate' or outcome = 'asked' or outcome = 'not_here'
                               or outcome = 'rejected'),
  reason text not null,
  person_id text,
  household_id text,
  village_code text,
  event_key text,                           -- keyed digest of what makes two rows the same event
  event_day text,
  amount_fen bigint,
  repeats_batch text,
  repeats_row bigint,
  primary key (batch_id, row_no)
) without rowid;

CREATE INDEX batch_rows_event on batch_rows (event_key) where event_key is not null;

CREATE INDEX batch_rows_household on batch_rows (household_id) where household_id is not null;

CREATE TABLE batch_rows_kept(
  until TEXT,
  batch_id TEXT,
  row_no INT,
  outcome TEXT,
  reason TEXT,
  person_id TEXT,
  household_id TEXT,
  village_code TEXT,
  event_key TEXT,
  event_day TEXT,
  amount_fen INT,
  repeats_batch TEXT,
  repeats_row INT
);

CREATE UNIQUE INDEX batch_rows_kept_key on batch_rows_kept (batch_id, row_no, until);

CREATE INDEX batch_rows_kept_until on batch_rows_kept (until);

CREATE TABLE batch_sheets (
  batch_id text not null,
  sheet bigint not null,
  name text not null,
  template text not null,
  list_id text not null,
  coverage text not null,                   -- what absence means: events, snapshot, roll; empty without a template
  header_row bigint,
  mapping text not null,                    -- JSON: their column -> our field, as it was used
  primary key (batch_id, sheet)
) without rowid;

CREATE TRIGGER batches_keeps_875803e72e_d after delete on batches when old.uploaded_at <> (select at from writing) begin insert into batches_kept (until, id, template, department, list_id, title, file_name, file_hash, original_name_hash, period_from, period_to, area_code, state, replaces_id, uploaded_by, uploaded_at, accepted_at, ended_at, rows_total, rows_taken, rows_duplicate, rows_asked, rows_not_here, rows_rejected, note) select (select at from writing), old.id, old.template, old.department, old.list_id, old.title, old.file_name, old.file_hash, old.original_name_hash, old.period_from, old.period_to, old.area_code, old.state, old.replaces_id, old.uploaded_by, old.uploaded_at, old.accepted_at, old.ended_at, old.rows_total, old.rows_taken, old.rows_duplicate, old.rows_asked, old.rows_not_here, old.rows_rejected, old.note where true on conflict do nothing; end;

CREATE TRIGGER batches_keeps_875803e72e_u after update on batches when (old.id is not new.id or old.template is not new.template or old.department is not new.department or old.list_id is not new.list_id or old.title is not new.title or old.file_name is not new.file_name or old.file_hash is not new.file_hash or old.original_name_hash is not new.original_name_hash or old.period_from is not new.period_from or old.period_to is not new.period_to or old.area_code is not new.area_code or old.state is not new.state or old.replaces_id is not new.replaces_id or old.uploaded_by is not new.uploaded_by or old.uploaded_at is not new.uploaded_at or old.accepted_at is not new.accepted_at or old.ended_at is not new.ended_at or old.rows_total is not new.rows_total or old.rows_taken is not new.rows_taken or old.rows_duplicate is not new.rows_duplicate or old.rows_asked is not new.rows_asked or old.rows_not_here is not new.rows_not_here or old.rows_rejected is not new.rows_rejected or old.note is not new.note) and old.uploaded_at <> (select at from writing) begin insert into batches_kept (until, id, template, department, list_id, title, file_name, file_hash, original_name_hash, period_from, period_to, area_code, state, replaces_id, uploaded_by, uploaded_at, accepted_at, ended_at, rows_total, rows_taken, rows_duplicate, rows_asked, rows_not_here, rows_rejected, note) select (select at from writing), old.id, old.template, old.department, old.list_id, old.title, old.file_name, old.file_hash, old.original_name_hash, old.period_from, old.period_to, old.area_code, old.state, old.replaces_id, old.uploaded_by, old.uploaded_at, old.accepted_at, old.ended_at, old.rows_total, old.rows_taken, old.rows_duplicate, old.rows_asked, old.rows_not_here, old.rows_rejected, old.note where true on conflict do nothing; end;

CREATE TABLE batches (
    id                 text primary key,
    template           text not null,
    department         text not null,
    list_id            text not null,
    title              text,
    file_name          text not null,
    file_hash          text not null,
    original_name_hash text,
    period_from        text,
    period_to          text,
    area_code          text,
    state              text not null check (state in ('staging', 'ready', 'accepted', 'reverted', 'replaced', 'failed')),
    replaces_id        text,
    uploaded_by        text not null,
    uploaded_at        text not null,
    accepted_at        text,
    ended_at           text,
    rows_total         bigint not null default 0,
    rows_taken         bigint not null default 0,
    rows_duplicate     bigint not null default 0,
    rows_asked         bigint not null default 0,
    rows_not_here      bigint not null default 0,
    rows_rejected      bigint not null default 0,
    note               text
);

CREATE INDEX batches_hash on batches (file_hash);

CREATE INDEX batches_list on batches (list_id, period_to);

CREATE TABLE batches_kept(
  until TEXT,
  id TEXT,
  template TEXT,
  department TEXT,
  list_id TEXT,
  title TEXT,
  file_name TEXT,
  file_hash TEXT,
  original_name_hash TEXT,
  period_from TEXT,
  period_to TEXT,
  area_code TEXT,
  state TEXT,
  replaces_id TEXT,
  uploaded_by TEXT,
  uploaded_at TEXT,
  accepted_at TEXT,
  ended_at TEXT,
  rows_total INT,
  rows_taken INT,
  rows_duplicate INT,
  rows_asked INT,
  rows_not_here INT,
  rows_rejected INT,
  note TEXT
);

CREATE UNIQUE INDEX batches_kept_key on batches_kept (id, until);

CREATE INDEX batches_kept_until on batches_kept (until);

CREATE TABLE campaigns (
    id           text primary key,
    life         text not null,
    words        text not null,
    due_on       text not null,
    selected     bigint not null,
    begun        bigint not null,
    account_id   text not null,
    name         text not null,
    on_day       text not null,
    at           text not null,
    pack_id      text not null,
    pack_version bigint not null
);

CREATE TABLE case_clock_runs (
    day       text primary key,
    at        text not null,
    cases     bigint not null,                  -- that run
    due       bigint not null,                  -- of these due on the day
    overdue   bigint not null,
    reminded  bigint not null,                  -- reminders that are new
    standing  bigint not null                   -- all that stand
) without rowid;

CREATE TABLE case_leads (
    lead_id   text primary key,
    case_id   text not null,
    joined_at text not null
);

CREATE INDEX case_leads_by_case on case_leads (case_id);

CREATE TRIGGER case_objections_keeps_f8ed332270_d after delete on case_objections when old.recorded_at <> (select at from writing) begin insert into case_objections_kept (until, case_id, seq, letter_id, said_on, sealed, state, recorded_at, answer, answered_on, answered_by, answered_name) select (select at from writing), old.case_id, old.seq, old.letter_id, old.said_on, old.sealed, old.state, old.recorded_at, old.answer, old.answered_on, old.answered_by, old.answered_name where true on conflict do nothing; end;

CREATE TRIGGER case_objections_keeps_f8ed332270_u after update on case_objections when (old.case_id is not new.case_id or old.seq is not new.seq or old.letter_id is not new.letter_id or old.said_on is not new.said_on or old.sealed is not new.sealed or old.state is not new.state or old.recorded_at is not new.recorded_at or old.answer is not new.answer or old.answered_on is not new.answered_on or old.answered_by is not new.answered_by or old.answered_name is not new.answered_name) and old.recorded_at <> (select at from writing) begin insert into case_objections_kept (until, case_id, seq, letter_id, said_on, sealed, state, recorded_at, answer, answered_on, answered_by, answered_name) select (select at from writing), old.case_id, old.seq, old.letter_id, old.said_on, old.sealed, old.state, old.recorded_at, old.answer, old.answered_on, old.answered_by, old.answered_name where true on conflict do nothing; end;

CREATE TABLE case_objections (
    case_id        text not null,
    seq            bigint not null,
    letter_id      text not null unique,        -- the declaration that it is
    said_on        text not null,
    sealed         text not null,
    state          text not null,               -- the state in which it reached the case
    recorded_at    text not null,
    answer         text,
    answered_on    text,
    answered_by    text,
    answered_name  text,
    primary key (case_id, seq)
) without rowid;

CREATE INDEX case_objections_open on case_objections (case_id) where answered_on is null;

CREATE TABLE case_objections_kept(
  until TEXT,
  case_id TEXT,
  seq INT,
  letter_id TEXT,
  said_on TEXT,
  sealed TEXT,
  state TEXT,
  recorded_at TEXT,
  answer TEXT,
  answered_on TEXT,
  answered_by TEXT,
  answered_name TEXT
);

CREATE UNIQUE INDEX case_objections_kept_key on case_objections_kept (case_id, seq, until);

CREATE INDEX case_objections_kept_until on case_objections_kept (until);

CREATE TABLE case_papers (
    case_id    text not null,
    seq        bigint not null,
    kind       text not null,
    on_day     text not null,
    signed_by  text not null,
    how        text not null check (how in ('signed', 'thumb', 'for_other')),
    read_by    text not null default '',
    account_id text not null,
    name       text not null,
    at         text not null,
    primary key (case_id, seq)
) without rowid;

CREATE TRIGGER case_questions_keeps_c9d6c389b0_d after delete on case_questions when old.recorded_at <> (select at from writing) begin insert into case_questions_kept (until, case_id, item, office, asked_on, asked_by, answer, found_sealed, answered_on, answered_by, words, decision, decided_by, decided_at, recorded_at) select (select at from writing), old.case_id, old.item, old.office, old.asked_on, old.asked_by, old.answer, old.found_sealed, old.answered_on, old.answered_by, old.words, old.decision, old.decided_by, old.decided_at, old.recorded_at where true on conflict do nothing; end;

CREATE TRIGGER case_questions_keeps_c9d6c389b0_u after update on case_questions when (old.case_id is not new.case_id or old.item is not new.item or old.office is not new.office or old.asked_on is not new.asked_on or old.asked_by is not new.asked_by or old.answer is not new.answer or old.found_sealed is not new.found_sealed or old.answered_on is not new.answered_on or old.answered_by is not new.answered_by or old.words is not new.words or old.decision is not new.decision or old.decided_by is not new.decided_by or old.decided_at is not new.decided_at or old.recorded_at is not new.recorded_at) and old.recorded_at <> (select at from writing) begin insert into case_questions_kept (until, case_id, item, office, asked_on, asked_by, answer, found_sealed, answered_on, answered_by, words, decision, decided_by, decided_at, recorded_at) select (select at from writing), old.case_id, old.item, old.office, old.asked_on, old.asked_by, old.answer, old.found_sealed, old.answered_on, old.answered_by, old.words, old.decision, old.decided_by, old.decided_at, old.recorded_at where true on conflict do nothing; end;

CREATE TABLE case_questions (
    case_id      text not null,
    item         text not null,
    office       text not null,
    asked_on     text not null,
    asked_by     text not null,
    answer       text check (answer in ('none', 'hit')),
    found_sealed text,
    answered_on  text,
    answered_by  text,
    words        text,
    decision     text check (decision in ('goes_on', 'stops')),
    decided_by   text,
    decided_at   text,
    recorded_at  text not null,
    primary key (case_id, item)
) without rowid;

CREATE INDEX case_questions_open on case_questions (office, answer, asked_on);

CREATE TABLE case_questions_kept(
  until TEXT,
  case_id TEXT,
  item TEXT,
  office TEXT,
  asked_on TEXT,
  asked_by TEXT,
  answer TEXT,
  found_sealed TEXT,
  answered_on TEXT,
  answered_by TEXT,
  words TEXT,
  decision TEXT,
  decided_by TEXT,
  decided_at TEXT,
  recorded_at TEXT
);

CREATE UNIQUE INDEX case_questions_kept_key on case_questions_kept (case_id, item, until);

CREATE INDEX case_questions_kept_until on case_questions_kept (until);

CREATE TRIGGER case_reminders_keeps_fb5c5410e4_d after delete on case_reminders when old.recorded_at <> (select at from writing) begin insert into case_reminders_kept (until, case_id, kind, about, household_id, owner, day, recorded_at, done_on) select (select at from writing), old.case_id, old.kind, old.about, old.household_id, old.owner, old.day, old.recorded_at, old.done_on where true on conflict do nothing; end;

CREATE TRIGGER case_reminders_keeps_fb5c5410e4_u after update on case_reminders when (old.case_id is not new.case_id or old.kind is not new.kind or old.about is not new.about or old.household_id is not new.household_id or old.owner is not new.owner or old.day is not new.day or old.recorded_at is not new.recorded_at or old.done_on is not new.done_on) and old.recorded_at <> (select at from writing) begin insert into case_reminders_kept (until, case_id, kind, about, household_id, owner, day, recorded_at, done_on) select (select at from writing), old.case_id, old.kind, old.about, old.household_id, old.owner, old.day, old.recorded_at, old.done_on where true on conflict do nothing; end;

CREATE TABLE case_reminders (
    case_id      text not null,
    kind         text not null check (kind in ('step', 'total', 'papers', 'measure')),
    about        text not null,                 -- state and since when; day of discovery; paper; id of the measure
    household_id text not null,
    owner        text not null check (owner in ('village', 'township', 'county')),
    day          text not null,                 -- by when
    recorded_at  text not null,
    done_on      text,
    primary key (case_id, kind, about)
);

CREATE INDEX case_reminders_household on case_reminders (household_id) where done_on is null;

CREATE INDEX case_reminders_open on case_reminders (kind, day) where done_on is null;

CREATE TABLE case_reminders_kept(
  until TEXT,
  case_id TEXT,
  kind TEXT,
  about TEXT,
  household_id TEXT,
  owner TEXT,
  day TEXT,
  recorded_at TEXT,
  done_on TEXT
);

CREATE UNIQUE INDEX case_reminders_kept_key on case_reminders_kept (case_id, kind, about, until);

CREATE INDEX case_reminders_kept_until on case_reminders_kept (until);

CREATE TRIGGER case_risks_keeps_314bc8c267_d after delete on case_risks when old.recorded_at <> (select at from writing) begin insert into case_risks_kept (until, case_id, position, risk, kind, words, found_on, gone_on, gone_why, name, recorded_at) select (select at from writing), old.case_id, old.position, old.risk, old.kind, old.words, old.found_on, old.gone_on, old.gone_why, old.name, old.recorded_at where true on conflict do nothing; end;

CREATE TRIGGER case_risks_keeps_314bc8c267_u after update on case_risks when (old.case_id is not new.case_id or old.position is not new.position or old.risk is not new.risk or old.kind is not new.kind or old.words is not new.words or old.found_on is not new.found_on or old.gone_on is not new.gone_on or old.gone_why is not new.gone_why or old.name is not new.name or old.recorded_at is not new.recorded_at) and old.recorded_at <> (select at from writing) begin insert into case_risks_kept (until, case_id, position, risk, kind, words, found_on, gone_on, gone_why, name, recorded_at) select (select at from writing), old.case_id, old.position, old.risk, old.kind, old.words, old.found_on, old.gone_on, old.gone_why, old.name, old.recorded_at where true on conflict do nothing; end;

CREATE TABLE case_risks (
    case_id  text not null,
    position bigint not null,
    risk     text not null,
    kind     text,
    words    text not null default '',
    found_on text not null,
    gone_on  text,
    gone_why text,
    name     text not null,
    recorded_at text not null,
    primary key (case_id, position)
) without rowid;

CREATE INDEX case_risks_risk on case_risks (risk, case_id);

CREATE TABLE case_risks_kept(
  until TEXT,
  case_id TEXT,
  position INT,
  risk TEXT,
  kind TEXT,
  words TEXT,
  found_on TEXT,
  gone_on TEXT,
  gone_why TEXT,
  name TEXT,
  recorded_at TEXT
);

CREATE UNIQUE INDEX case_risks_kept_key on case_risks_kept (case_id, position, until);

CREATE INDEX case_risks_kept_until on case_risks_kept (until);

CREATE TABLE case_settlements (
    case_id     text not null,
    seq         bigint not null,
    field       text not null check (field in ('class', 'identified_on', 'risks', 'removed', 'removed_on', 'way')),
    ours        text not null,
    theirs      text not null,
    choice      text not null check (choice in ('ours', 'theirs')),
    account_id  text not null,
    by_name     text not null,
    recorded_at text not null,
    undone_at   text,
    undone_by   text,
    primary key (case_id, seq)
) without rowid;

CREATE TABLE case_splits (
    household_id text not null,                -- the new household
    seq          bigint not null,
    case_id      text not null,                -- the case of the household that it comes from
    answer       text not null check (answer in ('case', 'nothing')),
    opened_id    text,                         -- the case that began with it
    words        text not null default '',
    account_id   text not null,
    by_name      text not null,
    recorded_at  text not null,
    undone_at    text,
    undone_by    text,
    primary key (household_id, seq)
) without rowid;

CREATE INDEX case_splits_case on case_splits (case_id);

CREATE TABLE case_steps (
    case_id      text not null,
    seq          bigint not null,
    step         text not null,
    from_state   text not null,
    to_state     text not null,
    on_day       text not null,
    at           text not null,
    account_id   text not null,
    name         text not null,
    body         text not null,
    evidence     text not null default '{}',
    pack_id      text not null,
    pack_version bigint not null,
    primary key (case_id, seq)
) without rowid;

CREATE TABLE case_take_overs (
    begun_at text primary key,
    waiting  bigint not null,                  -- households that had no case then
    taken    bigint not null,                  -- of these, taken over so far
    ended_at text
) without rowid;

CREATE TRIGGER cases_keeps_c3ee009456_d after delete on cases when old.created_at <> (select at from writing) begin insert into cases_kept (until, id, number, life, household_id, person_id, village_code, state, back_state, phase, owner, class, discovered_on, total_due_on, since_day, due_on, sort_day, urgent, notice_until, notice_hangs, objections, identified_on, closed_on, closed_how, last_by, lead_id, created_at, version, campaign_id) select (select at from writing), old.id, old.number, old.life, old.household_id, old.person_id, old.village_code, old.state, old.back_state, old.phase, old.owner, old.class, old.discovered_on, old.total_due_on, old.since_day, old.due_on, old.sort_day, old.urgent, old.notice_until, old.notice_hangs, old.objections, old.identified_on, old.closed_on, old.closed_how, old.last_by, old.lead_id, old.created_at, old.version, old.campaign_id where true on conflict do nothing; end;

CREATE TRIGGER cases_keeps_c3ee009456_u after update on cases when (old.id is not new.id or old.number is not new.number or old.life is not new.life or old.household_id is not new.household_id or old.person_id is not new.person_id or old.village_code is not new.village_code or old.state is not new.state or old.back_state is not new.back_state or old.phase is not new.phase or old.owner is not new.owner or old.class is not new.class or old.discovered_on is not new.discovered_on or old.total_due_on is not new.total_due_on or old.since_day is not new.since_day or old.due_on is not new.due_on or old.sort_day is not new.sort_day or old.urgent is not new.urgent or old.notice_until is not new.notice_until or old.notice_hangs is not new.notice_hangs or old.objections is not new.objections or old.identified_on is not new.identified_on or old.closed_on is not new.closed_on or old.closed_how is not new.closed_how or old.last_by is not new.last_by or old.lead_id is not new.lead_id or old.created_at is not new.created_at or old.version is not new.version or old.campaign_id is not new.campaign_id) and old.created_at <> (select at from writing) begin insert into cases_kept (until, id, number, life, household_id, person_id, village_code, state, back_state, phase, owner, class, discovered_on, total_due_on, since_day, due_on, sort_day, urgent, notice_until, notice_hangs, objections, identified_on, closed_on, closed_how, last_by, lead_id, created_at, version, campaign_id) select (select at from writing), old.id, old.number, old.life, old.household_id, old.person_id, old.village_code, old.state, old.back_state, old.phase, old.owner, old.class, old.discovered_on, old.total_due_on, old.since_day, old.due_on, old.sort_day, old.urgent, old.notice_until, old.notice_hangs, old.objections, old.identified_on, old.closed_on, old.closed_how, old.last_by, old.lead_id, old.created_at, old.version, old.campaign_id where true on conflict do nothing; end;

CREATE TABLE cases (
    id             text primary key,
    number         text not null unique,
    life           text not null,
    household_id   text not null,
    person_id      text,
    village_code   text not null,
    state          text not null,
    back_state     text,
    phase          text not null check (phase in ('identify', 'help', 'remove', 'follow', 'over', 'side')),
    owner          text not null check (owner in ('village', 'township', 'county')),
    class          text,
    discovered_on  text not null,
    total_due_on   text,
    since_day      text not null,
    due_on         text,
    sort_day       text not null,
    urgent         bigint not null default 0,
    notice_until   text,
    notice_hangs   bigint not null default 0,
    objections     bigint not null default 0,
    identified_on  text,
    closed_on      text,
    closed_how     text,
    last_by        text,
    lead_id        text,
    created_at     text not null,
    version        bigint not null
, campaign_id text);

CREATE INDEX cases_by_campaign on cases (campaign_id, village_code, state);

CREATE INDEX cases_by_household on cases (household_id, phase);

CREATE INDEX cases_by_village on cases (village_code, phase, sort_day, id);

CREATE INDEX cases_closed on cases (sort_day, id) where phase in ('follow', 'over');

CREATE INDEX cases_running on cases (sort_day, id) where phase in ('identify', 'help', 'remove', 'side');

CREATE INDEX cases_states on cases (state, phase, village_code, household_id);

CREATE TABLE cases_kept(
  until TEXT,
  id TEXT,
  number TEXT,
  life TEXT,
  household_id TEXT,
  person_id TEXT,
  village_code TEXT,
  state TEXT,
  back_state TEXT,
  phase TEXT,
  owner TEXT,
  class TEXT,
  discovered_on TEXT,
  total_due_on TEXT,
  since_day TEXT,
  due_on TEXT,
  sort_day TEXT,
  urgent INT,
  notice_until TEXT,
  notice_hangs INT,
  objections INT,
  identified_on TEXT,
  closed_on TEXT,
  closed_how TEXT,
  last_by TEXT,
  lead_id TEXT,
  created_at TEXT,
  version INT
, campaign_id text);

CREATE UNIQUE INDEX cases_kept_key on cases_kept (id, until);

CREATE INDEX cases_kept_until on cases_kept (until);

CREATE TABLE check_answers (
  id            text primary key,
  check_id      text not null,                -- of the pack
  household_id  text not null,
  village_code  text not null,                -- where the household stood
  kind          text not null check (kind in ('mending', 'true')),
  reason_code   text not null,                -- of the code list; empty for mending
  words         text not null,
  evidence      text not null,                -- JSON: the values to which the answer was given; other values are asked again
  question_zh   text not null,
  question_en   text not null,
  pack_id       text not null,
  pack_version  bigint not null,
  answered_by   text not null,
  answered_name text not null,
  answered_at   text not null,
  replaced_at   text
);

CREATE UNIQUE INDEX check_answers_live on check_answers (household_id, check_id) where replaced_at is null;

CREATE INDEX check_answers_village on check_answers (village_code);

CREATE TABLE counted_villages (
  village_code text primary key,
  changed      bigint not null
) without rowid;

CREATE TABLE coverage (
    department text not null,
    list_id    text not null,
    area_code  text not null,
    from_day   text not null,
    to_day     text not null,                   -- last day covered
    batch_id   text not null,
    primary key (list_id, area_code, from_day, batch_id)
) without rowid;

CREATE INDEX coverage_batch on coverage (batch_id);

CREATE TABLE declaration_phones (
  area_code  text primary key,
  phone      text not null,
  said_by    text not null,
  said_at    text not null
) without rowid;

CREATE TABLE declarations (
  id           text primary key,
  letter       text unique,                 -- id of the line of the public inbox: a line is taken in once
  channel      text not null check (channel in ('self','neighbour','village','hotline','petition','media')),
  kind         text not null,               -- code of the list of risks
  urgent       bigint not null,
  said_on      text not null,
  said_at      text not null,
  taken_at     text not null,
  village_code text not null,               -- of the household once it is known, before that as it was chosen
  said_village text not null,
  sealed       text not null,               -- JSON: name, phone, number, words, helper, number of the source
  same_digest  text not null,               -- the same for one person, keyed
  marks        text not null,               -- JSON: why somebody should look twice
  state        text not null check (state in ('waiting','placed','not_here','junk')),
  reason       text not null,               -- how its household was found or why it is asked, a code of the matching
  candidates   text not null,               -- JSON: persons and households it may be about
  household_id text,
  person_id    text,
  lead_id      text,
  objects_to   text,                        -- the declaration whose answer it speaks against
  entered_by   text not null,
  entered_name text not null,
  decided_by   text,
  decided_name text,
  decided_at   text,
  words        text,                        -- why it was put aside
  version      bigint not null
);

CREATE INDEX declarations_household on declarations (household_id, said_at) where household_id is not null;

CREATE INDEX declarations_objects on declarations (objects_to) where objects_to is not null;

CREATE INDEX declarations_same on declarations (same_digest, said_at);

CREATE INDEX declarations_state on declarations (state, village_code, said_at, id);

CREATE TABLE duplicate_verdicts (
    kind     text not null check (kind in ('person', 'household')),
    one_id   text not null,                     -- the lower id of the two
    other_id text not null,
    said_by  text not null,
    said_at  text not null,
    reason   text,
    primary key (kind, one_id, other_id)
) without rowid;

CREATE TABLE fact_meaning (
    id      bigint primary key check (id = 1),
    meaning text not null                       -- digest of the columns and of the derivation
);

CREATE TABLE "findings" (
  batch_id text not null,
  seq bigint not null,
  severity text not null check (severity = 'error' or severity = 'warning' or severity = 'note'),
  code text not null,
  sheet text not null,
  row_no bigint not null,
  cell text not null,
  args text not null,
  primary key (batch_id, seq)
) without rowid;

CREATE TRIGGER helpers_keeps_7af02d66a4_d after delete on helpers when old.recorded_at <> (select at from writing) begin insert into helpers_kept (until, id, household_id, name, unit, phone_sealed, phone_tail, account_id, from_day, to_day, ended_why, by_account, by_name, recorded_at, version) select (select at from writing), old.id, old.household_id, old.name, old.unit, old.phone_sealed, old.phone_tail, old.account_id, old.from_day, old.to_day, old.ended_why, old.by_account, old.by_name, old.recorded_at, old.version where true on conflict do nothing; end;

CREATE TRIGGER helpers_keeps_7af02d66a4_u after update on helpers when (old.id is not new.id or old.household_id is not new.household_id or old.name is not new.name or old.unit is not new.unit or old.phone_sealed is not new.phone_sealed or old.phone_tail is not new.phone_tail or old.account_id is not new.account_id or old.from_day is not new.from_day or old.to_day is not new.to_day or old.ended_why is not new.ended_why or old.by_account is not new.by_account or old.by_name is not new.by_name or old.recorded_at is not new.recorded_at or old.version is not new.version) and old.recorded_at <> (select at from writing) begin insert into helpers_kept (until, id, household_id, name, unit, phone_sealed, phone_tail, account_id, from_day, to_day, ended_why, by_account, by_name, recorded_at, version) select (select at from writing), old.id, old.household_id, old.name, old.unit, old.phone_sealed, old.phone_tail, old.account_id, old.from_day, old.to_day, old.ended_why, old.by_account, old.by_name, old.recorded_at, old.version where true on conflict do nothing; end;

CREATE TABLE helpers (
  id           text primary key,
  household_id text not null,
  name         text not null,
  unit         text not null,
  phone_sealed text,
  phone_tail   text,
  account_id   text,
  from_day     text not null,
  to_day       text,                        -- last day
  ended_why    text,
  by_account   text not null,
  by_name      text not null,
  recorded_at  text not null,
  version      bigint not null
);

CREATE INDEX helpers_household on helpers (household_id, from_day);

CREATE UNIQUE INDEX helpers_now on helpers (household_id) where to_day is null;

CREATE TABLE helpers_kept(
  until TEXT,
  id TEXT,
  household_id TEXT,
  name TEXT,
  unit TEXT,
  phone_sealed TEXT,
  phone_tail TEXT,
  account_id TEXT,
  from_day TEXT,
  to_day TEXT,
  ended_why TEXT,
  by_account TEXT,
  by_name TEXT,
  recorded_at TEXT,
  version INT
);

CREATE UNIQUE INDEX helpers_kept_key on helpers_kept (id, until);

CREATE INDEX helpers_kept_until on helpers_kept (until);

CREATE TABLE household_facts (
  household_id TEXT NOT NULL PRIMARY KEY,
  village_code TEXT NOT NULL,
  changes_on TEXT,
  hh_type TEXT,
  monitor_type TEXT,
  risk_removed TEXT,
  monitored BIGINT CHECK (monitored IN (0, 1)),
  identified_on TEXT CHECK (length(identified_on) = 10),
  removed_on TEXT CHECK (length(removed_on) = 10),
  removal_way TEXT,
  no_labour_marked BIGINT CHECK (no_labour_marked IN (0, 1)),
  risk_illness BIGINT CHECK (risk_illness IN (0, 1)),
  risk_disability BIGINT CHECK (risk_disability IN (0, 1)),
  risk_schooling BIGINT CHECK (risk_schooling IN (0, 1)),
  risk_disaster BIGINT CHECK (risk_disaster IN (0, 1)),
  risk_labour BIGINT CHECK (risk_labour IN (0, 1)),
  risk_unstable_work BIGINT CHECK (risk_unstable_work IN (0, 1)),
  dibao BIGINT CHECK (dibao IN (0, 1)),
  tekun BIGINT CHECK (tekun IN (0, 1)),
  house_grade TEXT,
  water_safe BIGINT CHECK (water_safe IN (0, 1)),
  relocated BIGINT CHECK (relocated IN (0, 1)),
  food_ok BIGINT CHECK (food_ok IN (0, 1)),
  clothing_ok BIGINT CHECK (clothing_ok IN (0, 1)),
  floor_area DOUBLE PRECISION,
  farmland DOUBLE PRECISION,
  road_distance DOUBLE PRECISION,
  income_pc_reported BIGINT,
  old_register BIGINT CHECK (old_register IN (0, 1)),
  old_causes TEXT,
  old_exit_year TEXT,
  persons_registered BIGINT,
  persons BIGINT,
  labour BIGINT,
  labour_weak BIGINT,
  workers BIGINT,
  migrants BIGINT,
  public_posts BIGINT,
  uninsured BIGINT,
  no_major_insurance BIGINT,
  chronic BIGINT,
  severe_ill BIGINT,
  disabled BIGINT,
  disabled_severe BIGINT,
  elders BIGINT,
  elders_80 BIGINT,
  elder_alone BIGINT CHECK (elder_alone IN (0, 1)),
  children_under_16 BIGINT,
  children_alone BIGINT CHECK (children_alone IN (0, 1)),
  left_behind BIGINT,
  school_age BIGINT,
  school_age_out BIGINT,
  students BIGINT,
  students_senior BIGINT,
  dibao_persons BIGINT,
  tekun_persons BIGINT,
  insurance_ok BIGINT CHECK (insurance_ok IN (0, 1)),
  schooling_ok BIGINT CHECK (schooling_ok IN (0, 1)),
  housing_ok BIGINT CHECK (housing_ok IN (0, 1)),
  income_12m BIGINT,
  income_prev_12m BIGINT,
  income_pc BIGINT,
  income_pc_prev BIGINT,
  wage_12m BIGINT,
  wage_prev_12m BIGINT,
  business_net_12m BIGINT,
  business_cost_12m BIGINT,
  property_12m BIGINT,
  transfer_12m BIGINT,
  relief_income_12m BIGINT,
  income_reference_12m BIGINT,
  income_reference_pc BIGINT,
  income_last_on TEXT CHECK (length(income_last_on) = 10),
  deaths_12m BIGINT,
  head_died BIGINT CHECK (head_died IN (0, 1)),
  labour_died BIGINT,
  moved_out_12m BIGINT,
  house_cd TEXT,
  water_outage_days BIGINT,
  dropout_suspects BIGINT,
  sick_leave_pupils BIGINT,
  oop_12m BIGINT,
  oop_max_stay BIGINT,
  hospital_stays BIGINT,
  hospital_total_12m BIGINT,
  edu_cost BIGINT,
  students_paying BIGINT,
  dibao_new_12m BIGINT,
  dibao_stopped_12m BIGINT,
  tekun_new_12m BIGINT,
  temp_relief_12m BIGINT,
  disabled_new_12m BIGINT,
  disabled_severe_new_12m BIGINT,
  jobless_count BIGINT,
  jobless_days BIGINT,
  unpaid_wages BIGINT,
  disaster_loss BIGINT,
  disaster_count BIGINT,
  loan_balance BIGINT,
  loan_overdue BIGINT,
  loan_overdue_days BIGINT,
  vehicles BIGINT,
  vehicle_max_value BIGINT,
  complaints_12m BIGINT,
  complaints_hardship BIGINT,
  complaints_water BIGINT,
  complaints_housing BIGINT,
  heads BIGINT,
  spouses BIGINT,
  couple_same_sex BIGINT CHECK (couple_same_sex IN (0, 1)),
  both_insured BIGINT,
  insured_without_major BIGINT,
  ids_wrong BIGINT,
  ids_twice BIGINT,
  ids_missing BIGINT,
  births_differ BIGINT,
  sexes_differ BIGINT,
  phones_wrong BIGINT,
  educated_pupils BIGINT,
  working_pupils BIGINT,
  work_without_place BIGINT,
  unable_workers BIGINT,
  able_as_unable BIGINT,
  size_differs BIGINT CHECK (size_differs IN (0, 1)),
  certificates_ended BIGINT,
  nobody_able BIGINT CHECK (nobody_able IN (0, 1)),
  own_lists TEXT,
  measures_live BIGINT,
  measures_delivered BIGINT,
  measures_overdue BIGINT,
  development_measures BIGINT,
  development_other BIGINT,
  measures_schooling BIGINT,
  measures_housing BIGINT,
  measures_water BIGINT,
  measures_labour_export BIGINT,
  last_measure_on TEXT CHECK (length(last_measure_on) = 10),
  helper_named BIGINT CHECK (helper_named IN (0, 1)),
  case_state TEXT,
  case_discovered_on TEXT CHECK (length(case_discovered_on) = 10),
  case_accepted_on TEXT CHECK (length(case_accepted_on) = 10),
  case_announced_on TEXT CHECK (length(case_announced_on) = 10),
  case_removed_on TEXT CHECK (length(case_removed_on) = 10),
  case_risks BIGINT,
  case_risks_without_measure BIGINT
);

CREATE INDEX household_facts_changes_on ON household_facts (changes_on);

CREATE INDEX household_facts_village_code ON household_facts (village_code);

CREATE TABLE household_facts_next(
  preparation TEXT,
  household_id TEXT,
  village_code TEXT,
  changes_on TEXT,
  hh_type TEXT,
  monitor_type TEXT,
  risk_removed TEXT,
  monitored INT,
  identified_on TEXT,
  removed_on TEXT,
  removal_way TEXT,
  no_labour_marked INT,
  risk_illness INT,
  risk_disability INT,
  risk_schooling INT,
  risk_disaster INT,
  risk_labour INT,
  risk_unstable_work INT,
  dibao INT,
  tekun INT,
  house_grade TEXT,
  water_safe INT,
  relocated INT,
  food_ok INT,
  clothing_ok INT,
  floor_area REAL,
  farmland REAL,
  road_distance REAL,
  income_pc_reported INT,
  old_register INT,
  old_causes TEXT,
  old_exit_year TEXT,
  persons_registered INT,
  persons INT,
  labour INT,
  labour_weak INT,
  workers INT,
  migrants INT,
  public_posts INT,
  uninsured INT,
  no_major_insurance INT,
  chronic INT,
  severe_ill INT,
  disabled INT,
  disabled_severe INT,
  elders INT,
  elders_80 INT,
  elder_alone INT,
  children_under_16 INT,
  children_alone INT,
  left_behind INT,
  school_age INT,
  school_age_out INT,
  students INT,
  students_senior INT,
  dibao_persons INT,
  tekun_persons INT,
  insurance_ok INT,
  schooling_ok INT,
  housing_ok INT,
  income_12m INT,
  income_prev_12m INT,
  income_pc INT,
  income_pc_prev INT,
  wage_12m INT,
  wage_prev_12m INT,
  business_net_12m INT,
  business_cost_12m INT,
  property_12m INT,
  transfer_12m INT,
  relief_income_12m INT,
  income_reference_12m INT,
  income_reference_pc INT,
  income_last_on TEXT,
  deaths_12m INT,
  head_died INT,
  labour_died INT,
  moved_out_12m INT,
  house_cd TEXT,
  water_outage_days INT,
  dropout_suspects INT,
  sick_leave_pupils INT,
  oop_12m INT,
  oop_max_stay INT,
  hospital_stays INT,
  hospital_total_12m INT,
  edu_cost INT,
  students_paying INT,
  dibao_new_12m INT,
  dibao_stopped_12m INT,
  tekun_new_12m INT,
  temp_relief_12m INT,
  disabled_new_12m INT,
  disabled_severe_new_12m INT,
  jobless_count INT,
  jobless_days INT,
  unpaid_wages INT,
  disaster_loss INT,
  disaster_count INT,
  loan_balance INT,
  loan_overdue INT,
  loan_overdue_days INT,
  vehicles INT,
  vehicle_max_value INT,
  complaints_12m INT,
  complaints_hardship INT,
  complaints_water INT,
  complaints_housing INT,
  heads INT,
  spouses INT,
  couple_same_sex INT,
  both_insured INT,
  insured_without_major INT,
  ids_wrong INT,
  ids_twice INT,
  ids_missing INT,
  births_differ INT,
  sexes_differ INT,
  phones_wrong INT,
  educated_pupils INT,
  working_pupils INT,
  work_without_place INT,
  unable_workers INT,
  able_as_unable INT,
  size_differs INT,
  certificates_ended INT,
  nobody_able INT,
  own_lists TEXT,
  measures_live INT,
  measures_delivered INT,
  measures_overdue INT,
  development_measures INT,
  development_other INT,
  measures_schooling INT,
  measures_housing INT,
  measures_water INT,
  measures_labour_export INT,
  last_measure_on TEXT,
  helper_named INT,
  case_state TEXT,
  case_discovered_on TEXT,
  case_accepted_on TEXT,
  case_announced_on TEXT,
  case_removed_on TEXT,
  case_risks INT,
  case_risks_without_measure INT
);

CREATE TABLE household_facts_whole_next (
  household_id TEXT NOT NULL PRIMARY KEY,
  village_code TEXT NOT NULL,
  changes_on TEXT,
  hh_type TEXT,
  monitor_type TEXT,
  risk_removed TEXT,
  monitored BIGINT CHECK (monitored IN (0, 1)),
  identified_on TEXT CHECK (length(identified_on) = 10),
  removed_on TEXT CHECK (length(removed_on) = 10),
  removal_way TEXT,
  no_labour_marked BIGINT CHECK (no_labour_marked IN (0, 1)),
  risk_illness BIGINT CHECK (risk_illness IN (0, 1)),
  risk_disability BIGINT CHECK (risk_disability IN (0, 1)),
  risk_schooling BIGINT CHECK (risk_schooling IN (0, 1)),
  risk_disaster BIGINT CHECK (risk_disaster IN (0, 1)),
  risk_labour BIGINT CHECK (risk_labour IN (0, 1)),
  risk_unstable_work BIGINT CHECK (risk_unstable_work IN (0, 1)),
  dibao BIGINT CHECK (dibao IN (0, 1)),
  tekun BIGINT CHECK (tekun IN (0, 1)),
  house_grade TEXT,
  water_safe BIGINT CHECK (water_safe IN (0, 1)),
  relocated BIGINT CHECK (relocated IN (0, 1)),
  food_ok BIGINT CHECK (food_ok IN (0, 1)),
  clothing_ok BIGINT CHECK (clothing_ok IN (0, 1)),
  floor_area DOUBLE PRECISION,
  farmland DOUBLE PRECISION,
  road_distance DOUBLE PRECISION,
  income_pc_reported BIGINT,
  old_register BIGINT CHECK (old_register IN (0, 1)),
  old_causes TEXT,
  old_exit_year TEXT,
  persons_registered BIGINT,
  persons BIGINT,
  labour BIGINT,
  labour_weak BIGINT,
  workers BIGINT,
  migrants BIGINT,
  public_posts BIGINT,
  uninsured BIGINT,
  no_major_insurance BIGINT,
  chronic BIGINT,
  severe_ill BIGINT,
  disabled BIGINT,
  disabled_severe BIGINT,
  elders BIGINT,
  elders_80 BIGINT,
  elder_alone BIGINT CHECK (elder_alone IN (0, 1)),
  children_under_16 BIGINT,
  children_alone BIGINT CHECK (children_alone IN (0, 1)),
  left_behind BIGINT,
  school_age BIGINT,
  school_age_out BIGINT,
  students BIGINT,
  students_senior BIGINT,
  dibao_persons BIGINT,
  tekun_persons BIGINT,
  insurance_ok BIGINT CHECK (insurance_ok IN (0, 1)),
  schooling_ok BIGINT CHECK (schooling_ok IN (0, 1)),
  housing_ok BIGINT CHECK (housing_ok IN (0, 1)),
  income_12m BIGINT,
  income_prev_12m BIGINT,
  income_pc BIGINT,
  income_pc_prev BIGINT,
  wage_12m BIGINT,
  wage_prev_12m BIGINT,
  business_net_12m BIGINT,
  business_cost_12m BIGINT,
  property_12m BIGINT,
  transfer_12m BIGINT,
  relief_income_12m BIGINT,
  income_reference_12m BIGINT,
  income_reference_pc BIGINT,
  income_last_on TEXT CHECK (length(income_last_on) = 10),
  deaths_12m BIGINT,
  head_died BIGINT CHECK (head_died IN (0, 1)),
  labour_died BIGINT,
  moved_out_12m BIGINT,
  house_cd TEXT,
  water_outage_days BIGINT,
  dropout_suspects BIGINT,
  sick_leave_pupils BIGINT,
  oop_12m BIGINT,
  oop_max_stay BIGINT,
  hospital_stays BIGINT,
  hospital_total_12m BIGINT,
  edu_cost BIGINT,
  students_paying BIGINT,
  dibao_new_12m BIGINT,
  dibao_stopped_12m BIGINT,
  tekun_new_12m BIGINT,
  temp_relief_12m BIGINT,
  disabled_new_12m BIGINT,
  disabled_severe_new_12m BIGINT,
  jobless_count BIGINT,
  jobless_days BIGINT,
  unpaid_wages BIGINT,
  disaster_loss BIGINT,
  disaster_count BIGINT,
  loan_balance BIGINT,
  loan_overdue BIGINT,
  loan_overdue_days BIGINT,
  vehicles BIGINT,
  vehicle_max_value BIGINT,
  complaints_12m BIGINT,
  complaints_hardship BIGINT,
  complaints_water BIGINT,
  complaints_housing BIGINT,
  heads BIGINT,
  spouses BIGINT,
  couple_same_sex BIGINT CHECK (couple_same_sex IN (0, 1)),
  both_insured BIGINT,
  insured_without_major BIGINT,
  ids_wrong BIGINT,
  ids_twice BIGINT,
  ids_missing BIGINT,
  births_differ BIGINT,
  sexes_differ BIGINT,
  phones_wrong BIGINT,
  educated_pupils BIGINT,
  working_pupils BIGINT,
  work_without_place BIGINT,
  unable_workers BIGINT,
  able_as_unable BIGINT,
  size_differs BIGINT CHECK (size_differs IN (0, 1)),
  certificates_ended BIGINT,
  nobody_able BIGINT CHECK (nobody_able IN (0, 1)),
  own_lists TEXT,
  measures_live BIGINT,
  measures_delivered BIGINT,
  measures_overdue BIGINT,
  development_measures BIGINT,
  development_other BIGINT,
  measures_schooling BIGINT,
  measures_housing BIGINT,
  measures_water BIGINT,
  measures_labour_export BIGINT,
  last_measure_on TEXT CHECK (length(last_measure_on) = 10),
  helper_named BIGINT CHECK (helper_named IN (0, 1)),
  case_state TEXT,
  case_discovered_on TEXT CHECK (length(case_discovered_on) = 10),
  case_accepted_on TEXT CHECK (length(case_accepted_on) = 10),
  case_announced_on TEXT CHECK (length(case_announced_on) = 10),
  case_removed_on TEXT CHECK (length(case_removed_on) = 10),
  case_risks BIGINT,
  case_risks_without_measure BIGINT
);

CREATE INDEX household_facts_whole_next_changes_on ON household_facts_whole_next (changes_on);

CREATE INDEX household_facts_whole_next_village_code ON household_facts_whole_next (village_code);

CREATE TRIGGER household_places_keeps_d651e31f80_d after delete on household_places when old.recorded_at <> (select at from writing) begin insert into household_places_kept (until, household_id, village_code, group_name, address, valid_from, valid_to, recorded_at) select (select at from writing), old.household_id, old.village_code, old.group_name, old.address, old.valid_from, old.valid_to, old.recorded_at where true on conflict do nothing; end;

CREATE TRIGGER household_places_keeps_d651e31f80_u after update on household_places when (old.household_id is not new.household_id or old.village_code is not new.village_code or old.group_name is not new.group_name or old.address is not new.address or old.valid_from is not new.valid_from or old.valid_to is not new.valid_to or old.recorded_at is not new.recorded_at) and old.recorded_at <> (select at from writing) begin insert into household_places_kept (until, household_id, village_code, group_name, address, valid_from, valid_to, recorded_at) select (select at from writing), old.household_id, old.village_code, old.group_name, old.address, old.valid_from, old.valid_to, old.recorded_at where true on conflict do nothing; end;

CREATE TABLE household_places (
    household_id text not null,
    village_code text not null,
    group_name   text,
    address      text,
    valid_from   text not null,
    valid_to     text not null,
    recorded_at  text not null,
    primary key (household_id, valid_to)
) without rowid;

CREATE TABLE household_places_kept(
  until TEXT,
  household_id TEXT,
  village_code TEXT,
  group_name TEXT,
  address TEXT,
  valid_from TEXT,
  valid_to TEXT,
  recorded_at TEXT
);

CREATE UNIQUE INDEX household_places_kept_key on household_places_kept (household_id, valid_to, until);

CREATE INDEX household_places_kept_until on household_places_kept (until);

CREATE TRIGGER households_keeps_0244a467a0_d after delete on households when old.created_at <> (select at from writing) begin insert into households_kept (until, id, number, village_code, group_name, head_id, address, phone_sealed, phone_tail, opened_on, closed_on, created_at, batch_id, arriving_in, merged_into, closed_at) select (select at from writing), old.id, old.number, old.village_code, old.group_name, old.head_id, old.address, old.phone_sealed, old.phone_tail, old.opened_on, old.closed_on, old.created_at, old.batch_id, old.arriving_in, old.merged_into, old.closed_at where true on conflict do nothing; end;

CREATE TRIGGER households_keeps_0244a467a0_u after update on households when (old.id is not new.id or old.number is not new.number or old.village_code is not new.village_code or old.group_name is not new.group_name or old.head_id is not new.head_id or old.address is not new.address or old.phone_sealed is not new.phone_sealed or old.phone_tail is not new.phone_tail or old.opened_on is not new.opened_on or old.closed_on is not new.closed_on or old.created_at is not new.created_at or old.batch_id is not new.batch_id or old.arriving_in is not new.arriving_in or old.merged_into is not new.merged_into or old.closed_at is not new.closed_at) and old.created_at <> (select at from writing) begin insert into households_kept (until, id, number, village_code, group_name, head_id, address, phone_sealed, phone_tail, opened_on, closed_on, created_at, batch_id, arriving_in, merged_into, closed_at) select (select at from writing), old.id, old.number, old.village_code, old.group_name, old.head_id, old.address, old.phone_sealed, old.phone_tail, old.opened_on, old.closed_on, old.created_at, old.batch_id, old.arriving_in, old.merged_into, old.closed_at where true on conflict do nothing; end;

CREATE TABLE households (
    id           text primary key,
    number       text not null unique,          -- 户编号
    -- null while the register batch named in arriving_in is not accepted: a household that stands in no village is seen
    -- by no query by area or scope, so that nobody ever sees half an import
    village_code text,
    group_name   text,
    head_id      text,
    address      text,
    phone_sealed text,
    phone_tail   text,                          -- last four digits
    opened_on    text,                          -- null: before the register began
    closed_on    text,
    created_at   text not null,
    batch_id     text,
    arriving_in  text                           -- the village that it will stand in
, merged_into text, closed_at text);

CREATE INDEX households_merged on households (merged_into) where merged_into is not null;

CREATE INDEX households_phone on households (phone_tail);

CREATE INDEX households_village on households (village_code, number);

CREATE TABLE households_before (
    batch_id     text not null,
    household_id text not null,
    village_code text,
    head_id      text,
    closed_on    text,
    moved_on     text,                          -- the day from which the register has it elsewhere
    primary key (batch_id, household_id)
) without rowid;

CREATE TABLE households_kept(
  until TEXT,
  id TEXT,
  number TEXT,
  village_code TEXT,
  group_name TEXT,
  head_id TEXT,
  address TEXT,
  phone_sealed TEXT,
  phone_tail TEXT,
  opened_on TEXT,
  closed_on TEXT,
  created_at TEXT,
  batch_id TEXT,
  arriving_in TEXT,
  merged_into TEXT,
  closed_at TEXT
);

CREATE UNIQUE INDEX households_kept_key on households_kept (id, until);

CREATE INDEX households_kept_until on households_kept (until);

CREATE TABLE incomes (
    household_id text not null,
    to_day       text not null,
    line         text not null,
    batch_id     text not null,
    row_no       bigint not null,
    from_day     text not null,
    amount_fen   bigint not null,
    source       text not null,
    primary key (household_id, to_day, line, batch_id, row_no)
) without rowid;

CREATE TABLE journal (
  number bigint primary key,
  at text not null,
  account_id text not null,
  actor text not null,
  verb text not null,
  about_kind text not null,
  about_id text not null,
  area_code text not null,
  request text not null,
  detail text not null,
  mac text not null
);

CREATE INDEX journal_about on journal (about_kind, about_id);

CREATE TABLE journal_head (
  id bigint primary key check (id = 1),
  number bigint not null,
  mac text not null
);

CREATE TABLE lead_answers (
  id          text primary key,
  lead_id     text not null,
  kind        text not null check (kind in ('answer', 'agree', 'disagree')),
  outcome     text,
  reason_code text,
  reason      text,
  account_id  text not null,
  name        text not null,
  at          text not null,
  together    bigint not null                -- how many leads were answered at once
);

CREATE INDEX lead_answers_lead on lead_answers (lead_id, at);

CREATE TABLE lead_counts (
  village_code text not null,
  state        text not null,
  level        text not null,
  severity     text not null,
  department   text not null,
  outcome      text not null,                -- '' without one
  due_on       text not null,                -- of open leads, otherwise ''
  released_on  text not null,                -- of open leads, otherwise ''
  leads        bigint not null,
  primary key (village_code, state, level, severity, department, outcome, due_on, released_on)
) without rowid;

CREATE INDEX lead_counts_state on lead_counts (state, village_code, leads);

CREATE TABLE lead_papers (
  lead_id text not null,
  at text not null,
  sheet text not null,
  answered_by text not null,                -- the name on the paper
  answered_on text not null,                -- the day on the paper
  typed_by text not null,
  typed_name text not null,
  primary key (lead_id, at)
) without rowid;

CREATE TRIGGER lead_reasons_keeps_bfc17ddcaf_d after delete on lead_reasons  begin insert into lead_reasons_kept (until, lead_id, rule_id, severity, department, pack_id, pack_version, certainty, settled, sentence_zh, sentence_en, evidence, worse, hit_on, gone_on) select (select at from writing), old.lead_id, old.rule_id, old.severity, old.department, old.pack_id, old.pack_version, old.certainty, old.settled, old.sentence_zh, old.sentence_en, old.evidence, old.worse, old.hit_on, old.gone_on where true on conflict do nothing; end;

CREATE TRIGGER lead_reasons_keeps_bfc17ddcaf_u after update on lead_reasons when (old.lead_id is not new.lead_id or old.rule_id is not new.rule_id or old.severity is not new.severity or old.department is not new.department or old.pack_id is not new.pack_id or old.pack_version is not new.pack_version or old.certainty is not new.certainty or old.settled is not new.settled or old.sentence_zh is not new.sentence_zh or old.sentence_en is not new.sentence_en or old.evidence is not new.evidence or old.worse is not new.worse or old.hit_on is not new.hit_on or old.gone_on is not new.gone_on) begin insert into lead_reasons_kept (until, lead_id, rule_id, severity, department, pack_id, pack_version, certainty, settled, sentence_zh, sentence_en, evidence, worse, hit_on, gone_on) select (select at from writing), old.lead_id, old.rule_id, old.severity, old.department, old.pack_id, old.pack_version, old.certainty, old.settled, old.sentence_zh, old.sentence_en, old.evidence, old.worse, old.hit_on, old.gone_on where true on conflict do nothing; end;

CREATE TABLE lead_reasons (
  lead_id      text not null,
  rule_id      text not null,
  severity     text not null check (severity in ('severe', 'serious', 'notice')),
  department   text not null,
  pack_id      text not null,
  pack_version bigint not null,
  certainty    text not null check (certainty in ('sure')),
  settled      bigint not null default 0,    -- 1: it stood when the lead was answered, so the answer covers it
  sentence_zh  text not null,
  sentence_en  text not null,
  evidence     text not null,                -- JSON: column -> value as it read on the day
  worse        double precision,             -- value of the column that can make it worse, in its own unit
  hit_on       text not null,
  gone_on      text, lead_state text not null default '', lead_day text not null default '',
  primary key (lead_id, rule_id)
) without rowid;

CREATE INDEX lead_reasons_rule on lead_reasons (rule_id, lead_state, lead_day, lead_id, gone_on) where gone_on is null;

CREATE TABLE lead_reasons_kept(
  until TEXT,
  lead_id TEXT,
  rule_id TEXT,
  severity TEXT,
  department TEXT,
  pack_id TEXT,
  pack_version INT,
  certainty TEXT,
  settled INT,
  sentence_zh TEXT,
  sentence_en TEXT,
  evidence TEXT,
  worse REAL,
  hit_on TEXT,
  gone_on TEXT
);

CREATE UNIQUE INDEX lead_reasons_kept_key on lead_reasons_kept (lead_id, rule_id, until);

CREATE INDEX lead_reasons_kept_until on lead_reasons_kept (until);

CREATE TRIGGER leads_keeps_d892597c7f_d after delete on leads  begin insert into leads_kept (until, id, level, subject, household_id, village_code, department, channel, severity, state, opened_on, released_on, due_on, clock_days, clock_kind, sort_day, outcome, reason_code, reason, answered_by, answered_name, answered_at, answered_on, raised_from, version, run_id, pack_id, pack_version) select (select at from writing), old.id, old.level, old.subject, old.household_id, old.village_code, old.department, old.channel, old.severity, old.state, old.opened_on, old.released_on, old.due_on, old.clock_days, old.clock_kind, old.sort_day, old.outcome, old.reason_code, old.reason, old.answered_by, old.answered_name, old.answered_at, old.answered_on, old.raised_from, old.version, old.run_id, old.pack_id, old.pack_version where true on conflict do nothing; end;

CREATE TRIGGER leads_keeps_d892597c7f_u after update on leads when (old.id is not new.id or old.level is not new.level or old.subject is not new.subject or old.household_id is not new.household_id or old.village_code is not new.village_code or old.department is not new.department or old.channel is not new.channel or old.severity is not new.severity or old.state is not new.state or old.opened_on is not new.opened_on or old.released_on is not new.released_on or old.due_on is not new.due_on or old.clock_days is not new.clock_days or old.clock_kind is not new.clock_kind or old.sort_day is not new.sort_day or old.outcome is not new.outcome or old.reason_code is not new.reason_code or old.reason is not new.reason or old.answered_by is not new.answered_by or old.answered_name is not new.answered_name or old.answered_at is not new.answered_at or old.answered_on is not new.answered_on or old.raised_from is not new.raised_from or old.version is not new.version or old.run_id is not new.run_id or old.pack_id is not new.pack_id or old.pack_version is not new.pack_version) begin insert into leads_kept (until, id, level, subject, household_id, village_code, department, channel, severity, state, opened_on, released_on, due_on, clock_days, clock_kind, sort_day, outcome, reason_code, reason, answered_by, answered_name, answered_at, answered_on, raised_from, version, run_id, pack_id, pack_version) select (select at from writing), old.id, old.level, old.subject, old.household_id, old.village_code, old.department, old.channel, old.severity, old.state, old.opened_on, old.released_on, old.due_on, old.clock_days, old.clock_kind, old.sort_day, old.outcome, old.reason_code, old.reason, old.answered_by, old.answered_name, old.answered_at, old.answered_on, old.raised_from, old.version, old.run_id, old.pack_id, old.pack_version where true on conflict do nothing; end;

CREATE TABLE leads (
  id           text primary key,
  level        text not null check (level in ('household', 'village')),
  subject      text not null,                -- the household's id, or village code / department
  household_id text,
  village_code text not null,
  department   text not null,                -- of the most severe reason
  channel      text not null,
  severity     text not null check (severity in ('severe', 'serious', 'notice')),
  state        text not null check (state in ('waiting', 'open', 'answered', 'withdrawn', 'second_look')),
  opened_on    text not null,
  released_on  text,
  due_on       text,
  clock_days   bigint not null,
  clock_kind   text not null check (clock_kind in ('working', 'calendar')),
  sort_day     text not null,                -- due while open, otherwise the day it came into its state
  outcome      text check (outcome in ('risk_confirmed', 'already_covered', 'helped_ordinary', 'no_risk', 'not_found', 'wrong_data')),
  reason_code  text,
  reason       text,
  answered_by  text,
  answered_name text,
  answered_at  text,
  answered_on  text,
  raised_from  text,                         -- the answered lead that this one raises again
  version      bigint not null,              -- goes up with every change, so that two people cannot overwrite each other
  run_id       text,
  pack_id      text not null,
  pack_version bigint not null
);

CREATE UNIQUE INDEX leads_live on leads (subject) where state in ('waiting', 'open');

CREATE INDEX leads_released on leads (released_on) where released_on is not null;

CREATE INDEX leads_state on leads (state, sort_day, id, village_code);

CREATE INDEX leads_subject on leads (subject);

CREATE INDEX leads_village on leads (village_code, state, sort_day, id);

CREATE TABLE leads_kept(
  until TEXT,
  id TEXT,
  level TEXT,
  subject TEXT,
  household_id TEXT,
  village_code TEXT,
  department TEXT,
  channel TEXT,
  severity TEXT,
  state TEXT,
  opened_on TEXT,
  released_on TEXT,
  due_on TEXT,
  clock_days INT,
  clock_kind TEXT,
  sort_day TEXT,
  outcome TEXT,
  reason_code TEXT,
  reason TEXT,
  answered_by TEXT,
  answered_name TEXT,
  answered_at TEXT,
  answered_on TEXT,
  raised_from TEXT,
  version INT,
  run_id TEXT,
  pack_id TEXT,
  pack_version INT
);

CREATE UNIQUE INDEX leads_kept_key on leads_kept (id, until);

CREATE INDEX leads_kept_until on leads_kept (until);

CREATE TABLE mappings (
  signature text primary key,               -- digest of template and headings
  template text not null,
  mapping text not null,                    -- JSON: column -> field or null
  decided_by text not null,
  decided_at text not null
);

CREATE TRIGGER match_queue_keeps_32488bc8c4_d after delete on match_queue when exists (select 1 from batches b where b.id = old.batch_id and b.state <> 'staging') begin insert into match_queue_kept (until, batch_id, row_no, list_id, village_code, reason, evidence, statement, evidence_digest, candidates, state, decision, person_id, household_id, decided_by, decided_at) select (select at from writing), old.batch_id, old.row_no, old.list_id, old.village_code, old.reason, old.evidence, old.statement, old.evidence_digest, old.candidates, old.state, old.decision, old.person_id, old.household_id, old.decided_by, old.decided_at where true on conflict do nothing; end;

CREATE TRIGGER match_queue_keeps_32488bc8c4_u after update on match_queue when (old.batch_id is not new.batch_id or old.row_no is not new.row_no or old.list_id is not new.list_id or old.village_code is not new.village_code or old.reason is not new.reason or old.evidence is not new.evidence or old.statement is not new.statement or old.evidence_digest is not new.evidence_digest or old.candidates is not new.candidates or old.state is not new.state or old.decision is not new.decision or old.person_id is not new.person_id or old.household_id is not new.household_id or old.decided_by is not new.decided_by or old.decided_at is not new.decided_at) and exists (select 1 from batches b where b.id = old.batch_id and b.state <> 'staging') begin insert into match_queue_kept (until, batch_id, row_no, list_id, village_code, reason, evidence, statement, evidence_digest, candidates, state, decision, person_id, household_id, decided_by, decided_at) select (select at from writing), old.batch_id, old.row_no, old.list_id, old.village_code, old.reason, old.evidence, old.statement, old.evidence_digest, old.candidates, old.state, old.decision, old.person_id, old.household_id, old.decided_by, old.decided_at where true on conflict do nothing; end;

CREATE TABLE match_queue (
  batch_id text not null,
  row_no bigint not null,
  list_id text not null,
  village_code text,                        -- smallest area that holds all candidates; null: nobody to go by
  reason text not null,                     -- why it is asked; kept after the decision
  evidence text not null,                   -- sealed JSON
  statement text not null,                  -- sealed JSON: what is recorded once it is known about whom
  evidence_digest text not null,            -- the same evidence in a later file is decided at once
  candidates text not null,                 -- JSON: [{household, person, reasons}]
  state text not null check (state in ('open','decided','withdrawn')),
  decision text check (decision in ('person','household','not_here','rejected')),
  person_id text,
  household_id text,
  decided_by text,
  decided_at text,
  primary key (batch_id, row_no)
) without rowid;

CREATE INDEX match_queue_decided on match_queue (decided_by, decided_at) where state = 'decided';

CREATE INDEX match_queue_evidence on match_queue (evidence_digest);

CREATE INDEX match_queue_open on match_queue (state, list_id, village_code);

CREATE TABLE match_queue_kept(
  until TEXT,
  batch_id TEXT,
  row_no INT,
  list_id TEXT,
  village_code TEXT,
  reason TEXT,
  evidence TEXT,
  statement TEXT,
  evidence_digest TEXT,
  candidates TEXT,
  state TEXT,
  decision TEXT,
  person_id TEXT,
  household_id TEXT,
  decided_by TEXT,
  decided_at TEXT
);

CREATE UNIQUE INDEX match_queue_kept_key on match_queue_kept (batch_id, row_no, until);

CREATE INDEX match_queue_kept_until on match_queue_kept (until);

CREATE TABLE measure_moves (
    measure_id     text not null,
    seq            bigint not null,
    from_household text not null,
    to_household   text not null,
    account_id     text not null,
    by_name        text not null,
    recorded_at    text not null,
    undone_at      text,
    undone_by      text,
    primary key (measure_id, seq)
) without rowid;

CREATE TABLE measure_times (
  measure_id  text not null,
  seq         bigint not null,
  on_day      text not null,
  words       text not null,
  by_account  text not null,
  by_name     text not null,
  recorded_at text not null,
  primary key (measure_id, seq)
) without rowid;

CREATE TRIGGER measures_keeps_158d272fde_d after delete on measures when old.recorded_at <> (select at from writing) begin insert into measures_kept (until, id, household_id, person_id, village_code, kind, aims, words, owner_office, owner_name, promised_on, due_on, delivered_on, proof_kind, proof_number, amount_fen, term_until, ended_on, ended_how, ended_why, by_account, by_name, recorded_at, version) select (select at from writing), old.id, old.household_id, old.person_id, old.village_code, old.kind, old.aims, old.words, old.owner_office, old.owner_name, old.promised_on, old.due_on, old.delivered_on, old.proof_kind, old.proof_number, old.amount_fen, old.term_until, old.ended_on, old.ended_how, old.ended_why, old.by_account, old.by_name, old.recorded_at, old.version where true on conflict do nothing; end;

CREATE TRIGGER measures_keeps_158d272fde_u after update on measures when (old.id is not new.id or old.household_id is not new.household_id or old.person_id is not new.person_id or old.village_code is not new.village_code or old.kind is not new.kind or old.aims is not new.aims or old.words is not new.words or old.owner_office is not new.owner_office or old.owner_name is not new.owner_name or old.promised_on is not new.promised_on or old.due_on is not new.due_on or old.delivered_on is not new.delivered_on or old.proof_kind is not new.proof_kind or old.proof_number is not new.proof_number or old.amount_fen is not new.amount_fen or old.term_until is not new.term_until or old.ended_on is not new.ended_on or old.ended_how is not new.ended_how or old.ended_why is not new.ended_why or old.by_account is not new.by_account or old.by_name is not new.by_name or old.recorded_at is not new.recorded_at or old.version is not new.version) and old.recorded_at <> (select at from writing) begin insert into measures_kept (until, id, household_id, person_id, village_code, kind, aims, words, owner_office, owner_name, promised_on, due_on, delivered_on, proof_kind, proof_number, amount_fen, term_until, ended_on, ended_how, ended_why, by_account, by_name, recorded_at, version) select (select at from writing), old.id, old.household_id, old.person_id, old.village_code, old.kind, old.aims, old.words, old.owner_office, old.owner_name, old.promised_on, old.due_on, old.delivered_on, old.proof_kind, old.proof_number, old.amount_fen, old.term_until, old.ended_on, old.ended_how, old.ended_why, old.by_account, old.by_name, old.recorded_at, old.version where true on conflict do nothing; end;

CREATE TABLE measures (
  id           text primary key,
  household_id text,                        -- null: of the village
  person_id    text,                        -- of the household, when it is for one person
  village_code text not null,               -- where it was planned
  kind         text not null,               -- code of packs/common/codes/measures.toml
  aims         text not null,               -- JSON: codes of risks
  words        text not null,
  owner_office text not null,
  owner_name   text not null,
  promised_on  text not null,
  due_on       text not null,
  delivered_on text,
  proof_kind   text check (proof_kind in ('payment', 'contract', 'receipt', 'record')),
  proof_number text,
  amount_fen   bigint,
  term_until   text,                        -- runs on until then, also after the household is no longer monitored
  ended_on     text,
  ended_how    text check (ended_how in ('ended', 'withdrawn')),
  ended_why    text,
  by_account   text not null,
  by_name      text not null,
  recorded_at  text not null,
  version      bigint not null
);

CREATE INDEX measures_household on measures (household_id, promised_on);

CREATE INDEX measures_open on measures (due_on, household_id, village_code, owner_office) where delivered_on is null and ended_on is null;

CREATE INDEX measures_village on measures (village_code, delivered_on, due_on);

CREATE TABLE measures_kept(
  until TEXT,
  id TEXT,
  household_id TEXT,
  person_id TEXT,
  village_code TEXT,
  kind TEXT,
  aims TEXT,
  words TEXT,
  owner_office TEXT,
  owner_name TEXT,
  promised_on TEXT,
  due_on TEXT,
  delivered_on TEXT,
  proof_kind TEXT,
  proof_number TEXT,
  amount_fen INT,
  term_until TEXT,
  ended_on TEXT,
  ended_how TEXT,
  ended_why TEXT,
  by_account TEXT,
  by_name TEXT,
  recorded_at TEXT,
  version INT
);

CREATE UNIQUE INDEX measures_kept_key on measures_kept (id, until);

CREATE INDEX measures_kept_until on measures_kept (until);

CREATE TRIGGER memberships_keeps_2086f60998_d after delete on memberships when old.recorded_at <> (select at from writing) begin insert into memberships_kept (until, household_id, person_id, valid_from, valid_to, kin, how_in, how_out, hukou, shares_budget, resident, recorded_at, ended_at, batch_id, ended_by) select (select at from writing), old.household_id, old.person_id, old.valid_from, old.valid_to, old.kin, old.how_in, old.how_out, old.hukou, old.shares_budget, old.resident, old.recorded_at, old.ended_at, old.batch_id, old.ended_by where true on conflict do nothing; end;

CREATE TRIGGER memberships_keeps_2086f60998_u after update on memberships when (old.household_id is not new.household_id or old.person_id is not new.person_id or old.valid_from is not new.valid_from or old.valid_to is not new.valid_to or old.kin is not new.kin or old.how_in is not new.how_in or old.how_out is not new.how_out or old.hukou is not new.hukou or old.shares_budget is not new.shares_budget or old.resident is not new.resident or old.recorded_at is not new.recorded_at or old.ended_at is not new.ended_at or old.batch_id is not new.batch_id or old.ended_by is not new.ended_by) and old.recorded_at <> (select at from writing) begin insert into memberships_kept (until, household_id, person_id, valid_from, valid_to, kin, how_in, how_out, hukou, shares_budget, resident, recorded_at, ended_at, batch_id, ended_by) select (select at from writing), old.household_id, old.person_id, old.valid_from, old.valid_to, old.kin, old.how_in, old.how_out, old.hukou, old.shares_budget, old.resident, old.recorded_at, old.ended_at, old.batch_id, old.ended_by where true on conflict do nothing; end;

CREATE TABLE "memberships" (
    household_id  text not null,
    person_id     text not null,
    valid_from    text not null,
    valid_to      text,
    kin           text not null,                -- code of the list kin: head, spouse, son …
    how_in        text not null check (how_in = 'register' or how_in = 'birth' or how_in = 'marriage' or how_in = 'return'
                                       or how_in = 'split' or how_in = 'merge' or how_in = 'head' or how_in = 'correction'),
    how_out       text check (how_out = 'register' or how_out = 'death' or how_out = 'left' or how_out = 'split'
                              or how_out = 'merge' or how_out = 'head' or how_out = 'correction'),
    hukou         bigint not null,
    shares_budget bigint not null,
    resident      bigint not null,
    recorded_at   text not null,
    ended_at      text,                         -- when valid_to became known
    batch_id      text,
    ended_by      text,                         -- the batch that ended it, so that the batch can be reverted
    primary key (household_id, person_id, valid_from)
) without rowid;

CREATE INDEX memberships_person on memberships (person_id);

CREATE INDEX memberships_split on memberships (valid_from) where how_in = 'split';

CREATE TABLE memberships_before (
    batch_id     text not null,
    household_id text not null,
    person_id    text not null,
    valid_from   text not null,
    valid_to     text,
    kin          text not null,
    how_out      text,
    ended_at     text,
    ended_by     text,
    primary key (batch_id, household_id, person_id, valid_from)
) without rowid;

CREATE TABLE memberships_kept(
  until TEXT,
  household_id TEXT,
  person_id TEXT,
  valid_from TEXT,
  valid_to TEXT,
  kin TEXT,
  how_in TEXT,
  how_out TEXT,
  hukou INT,
  shares_budget INT,
  resident INT,
  recorded_at TEXT,
  ended_at TEXT,
  batch_id TEXT,
  ended_by TEXT
);

CREATE UNIQUE INDEX memberships_kept_key on memberships_kept (household_id, person_id, valid_from, until);

CREATE INDEX memberships_kept_until on memberships_kept (until);

CREATE TABLE merge_changes (
    merge_id text not null,
    seq      bigint not null,
    what     text not null check (what in ('stay', 'status', 'person', 'household')),
    row_key  text not null,
    origin   text,                              -- the key of the row whose place a new one takes
    before   text,                              -- JSON; null: there was no such row
    after    text not null,                     -- JSON
    at       text not null,
    undoes   bigint not null default 0,         -- 1: written by the undoing
    primary key (merge_id, seq)
) without rowid;

CREATE INDEX merge_changes_at on merge_changes (at);

CREATE INDEX merge_changes_row on merge_changes (what, row_key, at);

CREATE TABLE merge_pairs (
    merge_id  text not null,
    kind      text not null check (kind in ('person', 'household')),
    goes_id   text not null,
    stays_id  text not null,
    at        text not null,
    undone_at text,
    primary key (merge_id, kind, goes_id)
) without rowid;

CREATE INDEX merge_pairs_goes on merge_pairs (goes_id);

CREATE TABLE merges (
    id            text primary key,
    kind          text not null check (kind in ('person', 'household')),
    state         text not null check (state in ('proposed', 'refused', 'carried', 'undone')),
    goes_id       text not null,                -- the record that goes into the other
    stays_id      text not null,
    goes_home     text not null,                -- the household of the one that goes, when it was written down
    stays_home    text not null,
    village_code  text not null,                -- where the one that stays lives
    body          text not null,                -- JSON: what was chosen
    said_by       text not null,                -- who proposed it or merged at once
    said_at       text not null,
    decided_by    text,
    decided_at    text,
    reason        text,                         -- why, or why it was refused
    undone_by     text,
    undone_at     text,
    undo_reason   text
);

CREATE INDEX merges_goes on merges (goes_id);

CREATE INDEX merges_state on merges (state, said_at);

CREATE INDEX merges_stays on merges (stays_id);

CREATE TABLE migrations (number bigint primary key, name text not null);

CREATE TABLE pack_versions (
  pack_id text not null,
  version bigint not null check (version >= 0),
  valid_from text not null,
  valid_to text,
  hash text not null,                       -- SHA-256 over paths and texts
  files text not null,                      -- JSON: path in the pack -> text
  published_at text not null,
  published_by text not null,
  primary key (pack_id, version)
) without rowid;

CREATE TABLE paper_layouts (
    paper       text not null,
    version     bigint not null,
    from_day    text not null,
    name        text not null,
    content     text not null,
    digest      text not null,
    again_of    bigint,
    account_id  text not null,
    by_name     text not null,
    recorded_at text not null,
    primary key (paper, version)
) without rowid;

CREATE TABLE person_facts (
  person_id TEXT NOT NULL PRIMARY KEY,
  household_id TEXT NOT NULL,
  village_code TEXT NOT NULL,
  changes_on TEXT,
  age BIGINT,
  sex TEXT,
  head BIGINT CHECK (head IN (0, 1)),
  labour TEXT,
  able BIGINT CHECK (able IN (0, 1)),
  chronic BIGINT CHECK (chronic IN (0, 1)),
  severe_ill BIGINT CHECK (severe_ill IN (0, 1)),
  disability_level BIGINT,
  insured BIGINT CHECK (insured IN (0, 1)),
  major_insured BIGINT CHECK (major_insured IN (0, 1)),
  pensioned BIGINT CHECK (pensioned IN (0, 1)),
  school_state TEXT,
  in_school BIGINT CHECK (in_school IN (0, 1)),
  works_away BIGINT CHECK (works_away IN (0, 1)),
  work_months BIGINT,
  dibao BIGINT CHECK (dibao IN (0, 1)),
  tekun BIGINT CHECK (tekun IN (0, 1)),
  family_doctor BIGINT CHECK (family_doctor IN (0, 1)),
  oop_12m BIGINT,
  hospital_stays BIGINT,
  own_lists TEXT
);

CREATE INDEX person_facts_changes_on ON person_facts (changes_on);

CREATE INDEX person_facts_household_id ON person_facts (household_id);

CREATE INDEX person_facts_village_code ON person_facts (village_code);

CREATE TABLE person_facts_next(
  preparation TEXT,
  person_id TEXT,
  household_id TEXT,
  village_code TEXT,
  changes_on TEXT,
  age INT,
  sex TEXT,
  head INT,
  labour TEXT,
  able INT,
  chronic INT,
  severe_ill INT,
  disability_level INT,
  insured INT,
  major_insured INT,
  pensioned INT,
  school_state TEXT,
  in_school INT,
  works_away INT,
  work_months INT,
  dibao INT,
  tekun INT,
  family_doctor INT,
  oop_12m INT,
  hospital_stays INT,
  own_lists TEXT
);

CREATE TABLE person_facts_whole_next (
  person_id TEXT NOT NULL PRIMARY KEY,
  household_id TEXT NOT NULL,
  village_code TEXT NOT NULL,
  changes_on TEXT,
  age BIGINT,
  sex TEXT,
  head BIGINT CHECK (head IN (0, 1)),
  labour TEXT,
  able BIGINT CHECK (able IN (0, 1)),
  chronic BIGINT CHECK (chronic IN (0, 1)),
  severe_ill BIGINT CHECK (severe_ill IN (0, 1)),
  disability_level BIGINT,
  insured BIGINT CHECK (insured IN (0, 1)),
  major_insured BIGINT CHECK (major_insured IN (0, 1)),
  pensioned BIGINT CHECK (pensioned IN (0, 1)),
  school_state TEXT,
  in_school BIGINT CHECK (in_school IN (0, 1)),
  works_away BIGINT CHECK (works_away IN (0, 1)),
  work_months BIGINT,
  dibao BIGINT CHECK (dibao IN (0, 1)),
  tekun BIGINT CHECK (tekun IN (0, 1)),
  family_doctor BIGINT CHECK (family_doctor IN (0, 1)),
  oop_12m BIGINT,
  hospital_stays BIGINT,
  own_lists TEXT
);

CREATE INDEX person_facts_whole_next_changes_on ON person_facts_whole_next (changes_on);

CREATE INDEX person_facts_whole_next_household_id ON person_facts_whole_next (household_id);

CREATE INDEX person_facts_whole_next_village_code ON person_facts_whole_next (village_code);

CREATE TRIGGER persons_keeps_92d14315fb_d after delete on persons  begin insert into persons_kept (until, id, number, name, name_key, sex, birth_day, certificate, id_state, id_digest, id15_digest, id6_digest, id_sealed, certificate_tail, phone_sealed, phone_digest, phone_tail, died_on, batch_id, merged_into) select (select at from writing), old.id, old.number, old.name, old.name_key, old.sex, old.birth_day, old.certificate, old.id_state, old.id_digest, old.id15_digest, old.id6_digest, old.id_sealed, old.certificate_tail, old.phone_sealed, old.phone_digest, old.phone_tail, old.died_on, old.batch_id, old.merged_into where true on conflict do nothing; end;

CREATE TRIGGER persons_keeps_92d14315fb_u after update on persons when (old.id is not new.id or old.number is not new.number or old.name is not new.name or old.name_key is not new.name_key or old.sex is not new.sex or old.birth_day is not new.birth_day or old.certificate is not new.certificate or old.id_state is not new.id_state or old.id_digest is not new.id_digest or old.id15_digest is not new.id15_digest or old.id6_digest is not new.id6_digest or old.id_sealed is not new.id_sealed or old.certificate_tail is not new.certificate_tail or old.phone_sealed is not new.phone_sealed or old.phone_digest is not new.phone_digest or old.phone_tail is not new.phone_tail or old.died_on is not new.died_on or old.batch_id is not new.batch_id or old.merged_into is not new.merged_into) begin insert into persons_kept (until, id, number, name, name_key, sex, birth_day, certificate, id_state, id_digest, id15_digest, id6_digest, id_sealed, certificate_tail, phone_sealed, phone_digest, phone_tail, died_on, batch_id, merged_into) select (select at from writing), old.id, old.number, old.name, old.name_key, old.sex, old.birth_day, old.certificate, old.id_state, old.id_digest, old.id15_digest, old.id6_digest, old.id_sealed, old.certificate_tail, old.phone_sealed, old.phone_digest, old.phone_tail, old.died_on, old.batch_id, old.merged_into where true on conflict do nothing; end;

CREATE TABLE "persons" (
    id           text primary key,
    number       text not null unique,          -- 人编号
    name         text not null,
    name_key     text not null,                 -- normal form, for comparing
    sex          text check (sex = 'male' or sex = 'female'),
    birth_day    text,
    certificate  text not null check (certificate = 'citizen' or certificate = 'disability' or certificate = 'other'
                                      or certificate = 'none'),
    id_state     text not null check (id_state = 'ok' or id_state = 'wrong_check' or id_state = 'twice'
                                      or id_state = 'missing' or id_state = 'unverified'),
    id_digest    text,                          -- keyed digest of the 18 digits
    id15_digest  text,                          -- of the first 15
    id6_digest   text,                          -- of the last six
    id_sealed    text,
    certificate_tail text,                      -- what follows the 18 digits on a disability certificate
    phone_sealed text,
    phone_digest text,
    phone_tail   text,
    died_on      text,
    batch_id     text
, merged_into text);

CREATE INDEX persons_id on persons (id_digest);

CREATE INDEX persons_id6 on persons (id6_digest);

CREATE INDEX persons_merged on persons (merged_into) where merged_into is not null;

CREATE INDEX persons_phone on persons (phone_tail);

CREATE TABLE persons_before (
    batch_id     text not null,                 -- the register that changed it
    person_id    text not null,
    name         text not null,
    name_key     text not null,
    id_state     text not null,
    id_digest    text,
    id15_digest  text,
    id6_digest   text,
    id_sealed    text,
    phone_sealed text,
    phone_digest text,
    phone_tail   text,
    primary key (batch_id, person_id)
) without rowid;

CREATE TABLE persons_kept(
  until TEXT,
  id TEXT,
  number TEXT,
  name TEXT,
  name_key TEXT,
  sex TEXT,
  birth_day TEXT,
  certificate TEXT,
  id_state TEXT,
  id_digest TEXT,
  id15_digest TEXT,
  id6_digest TEXT,
  id_sealed TEXT,
  certificate_tail TEXT,
  phone_sealed TEXT,
  phone_digest TEXT,
  phone_tail TEXT,
  died_on TEXT,
  batch_id TEXT,
  merged_into TEXT
);

CREATE UNIQUE INDEX persons_kept_key on persons_kept (id, until);

CREATE INDEX persons_kept_until on persons_kept (until);

CREATE TABLE policy_documents (
  id text primary key,
  number text not null,                     -- 文号
  issuer text not null,
  title text not null,
  kind text not null check (kind in ('document', 'plan', 'library')),
  state text not null check (state in ('draft', 'in_force', 'repealed')),
  issued_on text,
  valid_from text not null,
  valid_to text,
  area_code text,                           -- where it holds; null for everywhere
  supersedes text references policy_documents (id),
  note text not null,
  entered_at text not null,
  entered_by text not null
, parent text references policy_documents (id), run_out_months bigint);

CREATE INDEX policy_documents_parent on policy_documents (parent);

CREATE INDEX policy_documents_supersedes on policy_documents (supersedes);

CREATE TABLE policy_drafts (
  id text primary key,
  title text not null,
  stance text not null check (stance in ('continued', 'optimised', 'adjusted')),
  document_id text references policy_documents (id),
  valid_from text not null,
  changes text not null,                    -- JSON: see registry::policies::Change
  undoes bigint,                            -- the version of the pack county that it takes back
  state text not null check (state in ('open', 'submitted', 'published', 'withdrawn')),
  revision bigint not null,                 -- goes up with every change
  made_at text not null,
  made_by text not null,
  submitted_by text,
  said text not null,                       -- why it was given back
  version bigint                            -- the version of the pack county that it became
);

CREATE INDEX policy_drafts_document on policy_drafts (document_id);

CREATE UNIQUE INDEX policy_drafts_version on policy_drafts (version);

CREATE TABLE policy_issues (
  document_id   text not null references policy_documents (id),
  unit_kind     text not null check (unit_kind in ('office', 'town', 'village')),
  unit          text not null,              -- code of the office, or of the area
  issued_on     text not null,
  issued_by     text not null,
  received_at   text,
  received_by   text,
  received_name text,
  primary key (document_id, unit_kind, unit)
) without rowid;

CREATE INDEX policy_issues_unit on policy_issues (unit_kind, unit);

CREATE TABLE policy_milestones (
  id          text primary key,
  document_id text not null references policy_documents (id),
  title       text not null,
  due_on      text not null,
  indicator   text,                         -- code of an indicator; null where the value is written by hand
  area_code   text,                         -- of which area; null for the whole county
  unit        text not null,
  direction   text not null check (direction in ('at_least', 'at_most')),
  target      double precision not null,
  value       double precision,             -- as it was recorded, of an indicator too: later corrections do not move it
  value_on    text,
  value_by    text,
  note        text not null,
  set_at      text not null,
  set_by      text not null
);

CREATE INDEX policy_milestones_document on policy_milestones (document_id, due_on);

CREATE TABLE proposals (
    id           text primary key,
    kind         text not null check (kind in ('birth', 'marriage_in', 'death', 'leave', 'return', 'split', 'merge', 'move', 'correct')),
    household_id text not null,
    village_code text not null,
    on_day       text not null,
    body         text not null,                 -- JSON: the whole command, without identity numbers in clear
    sealed       text,                          -- identity number and phone of a newcomer
    state        text not null check (state in ('proposed', 'confirmed', 'refused')),
    proposed_by  text not null,
    proposed_at  text not null,
    decided_by   text,
    decided_at   text,
    reason       text
);

CREATE INDEX proposals_household on proposals (household_id);

CREATE INDEX proposals_state on proposals (state, village_code, proposed_at);

CREATE TABLE questions (
  id text primary key,
  department text not null,
  about text not null check (about in ('lead','row')),
  lead_id text,
  batch_id text,
  row_no bigint,
  household_id text,
  village_code text not null,
  question text not null,
  asked_by text not null,
  asked_name text not null,
  asked_at text not null,
  due_on text not null,
  state text not null check (state in ('open','answered')),
  answer text,
  answered_by text,
  answered_name text,
  answered_at text
);

CREATE INDEX questions_asked on questions (asked_by, state, due_on, id);

CREATE INDEX questions_department on questions (department, state, due_on, id);

CREATE INDEX questions_village on questions (village_code, state, due_on, id);

CREATE TABLE reason_counts (
  rule_id      text not null,
  village_code text not null,
  state        text not null,                -- of the lead
  level        text not null,
  department   text not null,
  outcome      text not null,                -- of the lead, '' without one
  holds        bigint not null,              -- 1: it has not gone
  settled      bigint not null,
  reasons      bigint not null,
  primary key (rule_id, village_code, state, level, department, outcome, holds, settled)
) without rowid;

CREATE INDEX reason_counts_village on reason_counts (village_code);

CREATE TRIGGER records_keeps_187ba9f7c6_d after delete on records when old.recorded_at <> (select at from writing) and exists (select 1 from batches b where b.id = old.batch_id and b.state <> 'staging') begin insert into records_kept (until, batch_id, row_no, seq, subject, subject_id, household_id, village_code, topic, source, valid_from, valid_to, recorded_at, withdrawn_at, body) select (select at from writing), old.batch_id, old.row_no, old.seq, old.subject, old.subject_id, old.household_id, old.village_code, old.topic, old.source, old.valid_from, old.valid_to, old.recorded_at, old.withdrawn_at, old.body where true on conflict do nothing; end;

CREATE TRIGGER records_keeps_187ba9f7c6_u after update on records when (old.batch_id is not new.batch_id or old.row_no is not new.row_no or old.seq is not new.seq or old.subject is not new.subject or old.subject_id is not new.subject_id or old.household_id is not new.household_id or old.village_code is not new.village_code or old.topic is not new.topic or old.source is not new.source or old.valid_from is not new.valid_from or old.valid_to is not new.valid_to or old.recorded_at is not new.recorded_at or old.withdrawn_at is not new.withdrawn_at or old.body is not new.body) and old.recorded_at <> (select at from writing) and exists (select 1 from batches b where b.id = old.batch_id and b.state <> 'staging') begin insert into records_kept (until, batch_id, row_no, seq, subject, subject_id, household_id, village_code, topic, source, valid_from, valid_to, recorded_at, withdrawn_at, body) select (select at from writing), old.batch_id, old.row_no, old.seq, old.subject, old.subject_id, old.household_id, old.village_code, old.topic, old.source, old.valid_from, old.valid_to, old.recorded_at, old.withdrawn_at, old.body where true on conflict do nothing; end;

CREATE TABLE "records" (
    batch_id     text not null,
    row_no       bigint not null,
    seq          bigint not null,
    subject      text not null check (subject = 'household' or subject = 'person' or subject = 'village'),
    subject_id   text not null,
    household_id text,
    village_code text not null,
    topic        text not null,
    source       text not null,
    valid_from   text not null,
    valid_to     text,
    recorded_at  text not null,
    withdrawn_at text,
    body         text not null,
    primary key (batch_id, row_no, seq)
) without rowid;

CREATE INDEX records_household on records (household_id, topic);

CREATE INDEX records_village on records (village_code, topic) where household_id is null;

CREATE TABLE records_kept(
  until TEXT,
  batch_id TEXT,
  row_no INT,
  seq INT,
  subject TEXT,
  subject_id TEXT,
  household_id TEXT,
  village_code TEXT,
  topic TEXT,
  source TEXT,
  valid_from TEXT,
  valid_to TEXT,
  recorded_at TEXT,
  withdrawn_at TEXT,
  body TEXT
);

CREATE UNIQUE INDEX records_kept_key on records_kept (batch_id, row_no, seq, until);

CREATE INDEX records_kept_until on records_kept (until);

CREATE TRIGGER register_absences_keeps_ac621c2965_d after delete on register_absences  begin insert into register_absences_kept (until, batch_id, household_id, person_id, village_code, state, noted_at, answered_by, answered_at, reason, replaced_by) select (select at from writing), old.batch_id, old.household_id, old.person_id, old.village_code, old.state, old.noted_at, old.answered_by, old.answered_at, old.reason, old.replaced_by where true on conflict do nothing; end;

CREATE TRIGGER register_absences_keeps_ac621c2965_u after update on register_absences when (old.batch_id is not new.batch_id or old.household_id is not new.household_id or old.person_id is not new.person_id or old.village_code is not new.village_code or old.state is not new.state or old.noted_at is not new.noted_at or old.answered_by is not new.answered_by or old.answered_at is not new.answered_at or old.reason is not new.reason or old.replaced_by is not new.replaced_by) begin insert into register_absences_kept (until, batch_id, household_id, person_id, village_code, state, noted_at, answered_by, answered_at, reason, replaced_by) select (select at from writing), old.batch_id, old.household_id, old.person_id, old.village_code, old.state, old.noted_at, old.answered_by, old.answered_at, old.reason, old.replaced_by where true on conflict do nothing; end;

CREATE TABLE register_absences (
    batch_id     text not null,
    household_id text not null,
    person_id    text not null,                 -- empty: the whole household
    village_code text not null,
    state        text not null check (state in ('open', 'stays', 'replaced')),
    noted_at     text not null,
    answered_by  text,
    answered_at  text,
    reason       text,
    replaced_by  text,                          -- the later register that was asked again
    primary key (batch_id, household_id, person_id)
) without rowid;

CREATE INDEX register_absences_open on register_absences (state, village_code);

CREATE TABLE register_absences_kept(
  until TEXT,
  batch_id TEXT,
  household_id TEXT,
  person_id TEXT,
  village_code TEXT,
  state TEXT,
  noted_at TEXT,
  answered_by TEXT,
  answered_at TEXT,
  reason TEXT,
  replaced_by TEXT
);

CREATE UNIQUE INDEX register_absences_kept_key on register_absences_kept (batch_id, household_id, person_id, until);

CREATE INDEX register_absences_kept_until on register_absences_kept (until);

CREATE TABLE returned_answers (
  subject text primary key,                 -- lead/ID, or row/BATCH/ROW
  department text not null,
  answer text not null check (answer in ('corrected','right','struck')),
  words text,
  account_id text not null,
  name text not null,
  at text not null
);

CREATE INDEX returned_answers_department on returned_answers (department, at);

CREATE TABLE rule_results (
  run_id  text not null,
  rule_id text not null,
  hits    bigint not null,
  unknown bigint not null,
  problem text,                              -- JSON: code and arguments of a finding
  primary key (run_id, rule_id)
) without rowid;

CREATE TABLE rule_runs (
  id           text primary key,
  kind         text not null check (kind in ('baseline', 'full', 'stale')),
  at           text not null,
  as_of        text not null,
  account_id   text not null,
  pack_id      text not null,
  pack_version bigint not null,
  book         text not null,                -- digest of rules, parameters, coverage and, where a rule reads it, the day
  villages     bigint not null,
  hits         bigint not null,
  opened       bigint not null,
  joined       bigint not null,
  withdrawn    bigint not null,
  millis       bigint not null
);

CREATE INDEX rule_runs_at on rule_runs (at);

CREATE TABLE scopes (
  account_id text not null,
  kind text not null check (kind in ('area','household','list')),
  low text not null,
  high text not null,
  target text not null,
  from_day text not null,
  to_day text
);

CREATE INDEX scopes_account on scopes (account_id);

CREATE TABLE screened_books (
  book  text primary key,                    -- as in screened_villages
  day   text not null,
  rules text not null                        -- JSON: rule -> fingerprint; {} where nothing is known
) without rowid;

CREATE TABLE screened_villages (
  village_code text primary key,
  stamp        bigint not null,
  book         text not null
);

CREATE TABLE "search_keys" (
    key          text not null,
    kind         text not null check (kind = 'name' or kind = 'pinyin' or kind = 'initials'),
    household_id text not null,
    person_id    text not null,
    village_code text not null,
    primary key (key, person_id, kind)
) without rowid;

CREATE TABLE sessions (
  token_digest text primary key,
  account_id text not null,
  started_at text not null,
  seen_at text not null,
  ended_at text
);

CREATE INDEX sessions_account on sessions (account_id);

CREATE TABLE sign_in_failures (
  login text not null,
  at text not null
);

CREATE INDEX sign_in_failures_login on sign_in_failures (login, at);

CREATE TABLE sitting_lines (
    sitting_id  text not null,
    case_id     text not null,
    position    bigint not null,
    removal     bigint not null,
    result      text not null default '' check (result in ('', 'agreed', 'declined', 'put_off')),
    agreed      bigint not null default 0,
    words       text not null default '',
    outcome     text not null default '' check (outcome in ('', 'taken', 'refused')),
    refused     text not null default '',
    recorded_at text not null,
    primary key (sitting_id, case_id)
) without rowid;

CREATE INDEX sitting_lines_by_case on sitting_lines (case_id);

CREATE TABLE sittings (
    id           text primary key,
    village_code text not null,
    state        text not null check (state in ('draft', 'held', 'dropped')),
    on_day       text not null,
    place        text not null default '',
    presided     text not null default '',
    recorder     text not null default '',
    present      bigint not null default 0,
    attending    text not null default '',
    minutes      text not null default '',
    account_id   text not null,
    by_name      text not null,
    recorded_at  text not null,
    held_by      text,
    held_at      text,
    version      bigint not null
);

CREATE INDEX sittings_by_village on sittings (village_code, state, on_day);

CREATE TRIGGER statuses_keeps_9dab1a28fa_d after delete on statuses when old.recorded_at <> (select at from writing) and exists (select 1 from batches b where b.id = old.batch_id and b.state <> 'staging') begin insert into statuses_kept (until, household_id, seq, person_id, scheme, value, valid_from, valid_to, source, detail, recorded_at, ended_at, batch_id, row_no, ended_by) select (select at from writing), old.household_id, old.seq, old.person_id, old.scheme, old.value, old.valid_from, old.valid_to, old.source, old.detail, old.recorded_at, old.ended_at, old.batch_id, old.row_no, old.ended_by where true on conflict do nothing; end;

CREATE TRIGGER statuses_keeps_9dab1a28fa_u after update on statuses when (old.household_id is not new.household_id or old.seq is not new.seq or old.person_id is not new.person_id or old.scheme is not new.scheme or old.value is not new.value or old.valid_from is not new.valid_from or old.valid_to is not new.valid_to or old.source is not new.source or old.detail is not new.detail or old.recorded_at is not new.recorded_at or old.ended_at is not new.ended_at or old.batch_id is not new.batch_id or old.row_no is not new.row_no or old.ended_by is not new.ended_by) and old.recorded_at <> (select at from writing) and exists (select 1 from batches b where b.id = old.batch_id and b.state <> 'staging') begin insert into statuses_kept (until, household_id, seq, person_id, scheme, value, valid_from, valid_to, source, detail, recorded_at, ended_at, batch_id, row_no, ended_by) select (select at from writing), old.household_id, old.seq, old.person_id, old.scheme, old.value, old.valid_from, old.valid_to, old.source, old.detail, old.recorded_at, old.ended_at, old.batch_id, old.row_no, old.ended_by where true on conflict do nothing; end;

CREATE TABLE statuses (
    household_id text not null,
    seq          bigint not null,
    person_id    text,
    scheme       text not null,
    value        text not null,
    valid_from   text not null,
    valid_to     text,
    source       text not null,
    detail       text,                          -- JSON: causes, exit year, how removed
    recorded_at  text not null,
    ended_at     text,
    batch_id     text not null,
    row_no       bigint not null,
    ended_by     text,
    primary key (household_id, seq)
) without rowid;

CREATE TABLE statuses_kept(
  until TEXT,
  household_id TEXT,
  seq INT,
  person_id TEXT,
  scheme TEXT,
  value TEXT,
  valid_from TEXT,
  valid_to TEXT,
  source TEXT,
  detail TEXT,
  recorded_at TEXT,
  ended_at TEXT,
  batch_id TEXT,
  row_no INT,
  ended_by TEXT
);

CREATE UNIQUE INDEX statuses_kept_key on statuses_kept (household_id, seq, until);

CREATE INDEX statuses_kept_until on statuses_kept (until);

CREATE TABLE views (
  id text primary key,
  account_id text not null,
  name text not null,
  path text not null,
  query text not null,
  kept_at text not null
);

CREATE UNIQUE INDEX views_name on views (account_id, path, name);

CREATE TABLE village_classes (
  village_code text not null,
  year         bigint not null,
  number       bigint not null,              -- 1 for the first time, counted up; the last counts
  at           text not null,
  class        text check (class in ('shell', 'weak', 'over')),
  document     text not null,
  account_id   text not null,
  name         text not null,
  primary key (village_code, year, number)
) without rowid;

CREATE TABLE village_facts (
  village_code TEXT NOT NULL PRIMARY KEY,
  changes_on TEXT,
  water_outage_days BIGINT,
  water_outages_12m BIGINT,
  water_out_now BIGINT CHECK (water_out_now IN (0, 1)),
  households BIGINT,
  persons BIGINT,
  monitored_households BIGINT,
  disaster_households_12m BIGINT,
  disaster_loss_12m BIGINT,
  water_unsafe_households BIGINT,
  dangerous_houses BIGINT,
  complaints_12m BIGINT,
  complaints_water_12m BIGINT,
  jobless_12m BIGINT,
  loans_overdue BIGINT,
  own_lists TEXT
);

CREATE INDEX village_facts_changes_on ON village_facts (changes_on);

CREATE TABLE village_facts_next(
  preparation TEXT,
  village_code TEXT,
  changes_on TEXT,
  water_outage_days INT,
  water_outages_12m INT,
  water_out_now INT,
  households INT,
  persons INT,
  monitored_households INT,
  disaster_households_12m INT,
  disaster_loss_12m INT,
  water_unsafe_households INT,
  dangerous_houses INT,
  complaints_12m INT,
  complaints_water_12m INT,
  jobless_12m INT,
  loans_overdue INT,
  own_lists TEXT
);

CREATE TABLE village_incomes (
  village_code text not null,
  year         bigint not null,
  number       bigint not null,              -- 1 for the first time, counted up; the last counts
  at           text not null,
  amount_fen   bigint not null,
  document     text not null,                -- may be empty
  account_id   text not null,
  name         text not null,
  primary key (village_code, year, number)
) without rowid;

CREATE TABLE village_kinds (
  village_code text not null,
  number       bigint not null,              -- 1 for the first time, counted up
  at           text not null,
  from_day     text not null,
  class        text not null,                -- the one that counts
  applies      text not null,                -- JSON: all that apply
  document     text not null,
  account_id   text not null,
  name         text not null,
  primary key (village_code, number)
) without rowid;

CREATE TABLE village_stamps (
  village_code text primary key,
  stamp bigint not null
);

CREATE TABLE wave_counts (
  village_code text not null,
  released_on  text not null,
  leads        bigint not null,
  primary key (village_code, released_on)
) without rowid;

CREATE INDEX wave_counts_day on wave_counts (released_on);

CREATE TABLE writing (
  id bigint primary key check (id = 1),
  at text not null
);
