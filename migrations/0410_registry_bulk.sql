-- The tables into which a county's files are written by the hundred thousand rows.
--
-- Their checks are written as a chain of `or`: for `in` with three or more values SQLite builds a small table in memory
-- for every single row that is written, a quarter of the time of an import. And the texts by which people are found are
-- reached by the text alone: who changes them knows the name, so that half as many pages are written.

create table persons_new (
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
);
insert into persons_new (id, number, name, name_key, sex, birth_day, certificate, id_state, id_digest, id15_digest,
    id6_digest, id_sealed, certificate_tail, phone_sealed, phone_digest, phone_tail, died_on, batch_id)
select id, number, name, name_key, sex, birth_day, certificate, id_state, id_digest, id15_digest,
    id6_digest, id_sealed, certificate_tail, phone_sealed, phone_digest, phone_tail, died_on, batch_id
from persons order by id;
drop table persons;
alter table persons_new rename to persons;
create index persons_id on persons (id_digest);
create index persons_id6 on persons (id6_digest);
create index persons_phone on persons (phone_tail);

create table memberships_new (
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
) /*clustered*/;
insert into memberships_new (household_id, person_id, valid_from, valid_to, kin, how_in, how_out, hukou, shares_budget,
    resident, recorded_at, ended_at, batch_id, ended_by)
select household_id, person_id, valid_from, valid_to, kin, how_in, how_out, hukou, shares_budget,
    resident, recorded_at, ended_at, batch_id, ended_by
from memberships order by household_id, person_id, valid_from;
drop table memberships;
alter table memberships_new rename to memberships;
create index memberships_person on memberships (person_id);

create table search_keys_new (
    key          text not null,
    kind         text not null check (kind = 'name' or kind = 'pinyin' or kind = 'initials'),
    household_id text not null,
    person_id    text not null,
    village_code text not null,
    primary key (key, person_id, kind)
) /*clustered*/;
insert into search_keys_new (key, kind, household_id, person_id, village_code)
select key, kind, household_id, person_id, village_code from search_keys order by key, person_id, kind;
drop table search_keys;
alter table search_keys_new rename to search_keys;

create table records_new (
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
) /*clustered*/;
insert into records_new (batch_id, row_no, seq, subject, subject_id, household_id, village_code, topic, source, valid_from,
    valid_to, recorded_at, withdrawn_at, body)
select batch_id, row_no, seq, subject, subject_id, household_id, village_code, topic, source, valid_from,
    valid_to, recorded_at, withdrawn_at, body
from records order by batch_id, row_no, seq;
drop table records;
alter table records_new rename to records;
create index records_household on records (household_id, topic);
create index records_village on records (village_code, topic) where household_id is null;

create table batch_rows_new (
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
) /*clustered*/;
insert into batch_rows_new (batch_id, row_no, outcome, reason, person_id, household_id, village_code, event_key, event_day,
    amount_fen, repeats_batch, repeats_row)
select batch_id, row_no, outcome, reason, person_id, household_id, village_code, event_key, event_day,
    amount_fen, repeats_batch, repeats_row
from batch_rows order by batch_id, row_no;
drop table batch_rows;
alter table batch_rows_new rename to batch_rows;
create index batch_rows_event on batch_rows (event_key) where event_key is not null;
create index batch_rows_household on batch_rows (household_id) where household_id is not null;

create table findings_new (
  batch_id text not null,
  seq bigint not null,
  severity text not null check (severity = 'error' or severity = 'warning' or severity = 'note'),
  code text not null,
  sheet text not null,
  row_no bigint not null,
  cell text not null,
  args text not null,
  primary key (batch_id, seq)
) /*clustered*/;
insert into findings_new (batch_id, seq, severity, code, sheet, row_no, cell, args)
select batch_id, seq, severity, code, sheet, row_no, cell, args from findings order by batch_id, seq;
drop table findings;
alter table findings_new rename to findings;
