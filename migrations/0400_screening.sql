-- Leads: what the rules found, and what people answered. One live lead per household, or per village and department.

-- One row per run of the rule book that stored leads; what a single commit refreshed is not a run.
create table rule_runs (
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
create index rule_runs_at on rule_runs (at);

-- What each rule answered in a run, and what is wrong with it if it could not be asked.
create table rule_results (
  run_id  text not null,
  rule_id text not null,
  hits    bigint not null,
  unknown bigint not null,
  problem text,                              -- JSON: code and arguments of a finding
  primary key (run_id, rule_id)
) /*clustered*/;

-- Up to which stamp of the village, and by which book, its leads are right.
create table screened_villages (
  village_code text primary key,
  stamp        bigint not null,
  book         text not null
);

create table leads (
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
create unique index leads_live on leads (subject) where state in ('waiting', 'open');
create index leads_state on leads (state, sort_day, id);
create index leads_village on leads (village_code, state, sort_day, id);
create index leads_subject on leads (subject);

-- Why: one row per rule that hit. Sentences are those of the hit, with its numbers.
create table lead_reasons (
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
  gone_on      text,
  primary key (lead_id, rule_id)
) /*clustered*/;
create index lead_reasons_rule on lead_reasons (rule_id, gone_on);

-- Every answer that was ever given, also those that a second look did not agree with.
create table lead_answers (
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
create index lead_answers_lead on lead_answers (lead_id, at);
