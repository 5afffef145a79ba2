-- What people answered to questions about the record of a household. Nothing is overwritten: a newer answer replaces.
create table check_answers (
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
create unique index check_answers_live on check_answers (household_id, check_id) where replaced_at is null;
create index check_answers_village on check_answers (village_code);
