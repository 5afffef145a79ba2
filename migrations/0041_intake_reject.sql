-- A person may also say that a row of the match queue cannot be used: it goes back to its department. SQLite cannot change
-- a check, so the table is written anew.
drop index match_queue_open;
drop index match_queue_evidence;
drop index match_queue_decided;
alter table match_queue rename to match_queue_before;
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
  decision text check (decision in ('person','household','not_here','rejected')),
  person_id text,
  household_id text,
  decided_by text,
  decided_at text,
  primary key (batch_id, row_no)
) /*clustered*/;
insert into match_queue (batch_id, row_no, list_id, village_code, reason, evidence, statement, evidence_digest, candidates,
  state, decision, person_id, household_id, decided_by, decided_at)
select batch_id, row_no, list_id, village_code, reason, evidence, statement, evidence_digest, candidates,
  state, decision, person_id, household_id, decided_by, decided_at from match_queue_before;
drop table match_queue_before;
create index match_queue_open on match_queue (state, list_id, village_code);
create index match_queue_evidence on match_queue (evidence_digest);
create index match_queue_decided on match_queue (decided_by, decided_at) where state = 'decided';
