-- Help (帮扶措施): what was promised to a household, a person of it or a village, by whom, until when, and that it was given.
create table measures (
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
create index measures_household on measures (household_id, promised_on);
create index measures_village on measures (village_code, delivered_on, due_on);

-- Every time a recurring service was given.
create table measure_times (
  measure_id  text not null,
  seq         bigint not null,
  on_day      text not null,
  words       text not null,
  by_account  text not null,
  by_name     text not null,
  recorded_at text not null,
  primary key (measure_id, seq)
) /*clustered*/;

-- Who looks after a household (帮扶责任人), from a day to a day.
create table helpers (
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
create index helpers_household on helpers (household_id, from_day);
create unique index helpers_now on helpers (household_id) where to_day is null;

create table measures_kept as select cast('' as text) as until, t.* from measures t where 1 = 0;
create unique index measures_kept_key on measures_kept (id, until);
create index measures_kept_until on measures_kept (until);

create table helpers_kept as select cast('' as text) as until, t.* from helpers t where 1 = 0;
create unique index helpers_kept_key on helpers_kept (id, until);
create index helpers_kept_until on helpers_kept (until);
