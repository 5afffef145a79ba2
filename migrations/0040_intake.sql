-- What became of every row of every file, and what people decided about it.

-- The sheets of a file in their order; row keys of the batch are sheet * 10,000,000 + row as the file counts it.
create table batch_sheets (
  batch_id text not null,
  sheet bigint not null,
  name text not null,
  template text not null,
  list_id text not null,
  coverage text not null,                   -- what absence means: events, snapshot, roll; empty without a template
  header_row bigint,
  mapping text not null,                    -- JSON: their column -> our field, as it was used
  primary key (batch_id, sheet)
) /*clustered*/;

-- One line per data row. Cells are not copied here: the original is kept, sealed, and a row is read from it when asked.
create table batch_rows (
  batch_id text not null,
  row_no bigint not null,
  outcome text not null check (outcome in ('taken','duplicate','asked','not_here','rejected')),
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
) /*clustered*/;
create index batch_rows_event on batch_rows (event_key) where event_key is not null;
create index batch_rows_household on batch_rows (household_id) where household_id is not null;

-- What is wrong with a row or a cell, and what to do. Arguments are JSON; no identity numbers in clear.
create table findings (
  batch_id text not null,
  seq bigint not null,
  severity text not null check (severity in ('error','warning','note')),
  code text not null,
  sheet text not null,
  row_no bigint not null,
  cell text not null,
  args text not null,
  primary key (batch_id, seq)
) /*clustered*/;

-- Rows that only a person can assign. Evidence is sealed; candidates name persons by id with reasons.
create table match_queue (
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
  decision text check (decision in ('person','household','not_here')),
  person_id text,
  household_id text,
  decided_by text,
  decided_at text,
  primary key (batch_id, row_no)
) /*clustered*/;
create index match_queue_open on match_queue (state, list_id, village_code);
create index match_queue_evidence on match_queue (evidence_digest);
create index match_queue_decided on match_queue (decided_by, decided_at) where state = 'decided';

-- Columns that a person has mapped once, by the headings of the file.
create table mappings (
  signature text primary key,               -- digest of template and headings
  template text not null,
  mapping text not null,                    -- JSON: column -> field or null
  decided_by text not null,
  decided_at text not null
);
