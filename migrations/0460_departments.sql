-- What departments say about rows that came back to them as wrong, and what villages ask them.

create table returned_answers (
  subject text primary key,                 -- lead/ID, or row/BATCH/ROW
  department text not null,
  answer text not null check (answer in ('corrected','right','struck')),
  words text,
  account_id text not null,
  name text not null,
  at text not null
);
create index returned_answers_department on returned_answers (department, at);

create table questions (
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
create index questions_department on questions (department, state, due_on, id);
create index questions_village on questions (village_code, state, due_on, id);
create index questions_asked on questions (asked_by, state, due_on, id);
