-- How many leads and reasons stand where, by village: kept by the commit that changes a lead, which counts its village again.
-- So a count of the county is a sum over its villages, and costs the same whatever was written before.

-- How often the counts of a village were made anew. Whoever counts holds its row, so that two who write in one village
-- count one after the other.
create table counted_villages (
  village_code text primary key,
  changed      bigint not null
) /*clustered*/;

create table lead_counts (
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
) /*clustered*/;

create table reason_counts (
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
) /*clustered*/;
create index reason_counts_village on reason_counts (village_code);

-- Leads of the baseline that were given out, by the day on which they were.
create table wave_counts (
  village_code text not null,
  released_on  text not null,
  leads        bigint not null,
  primary key (village_code, released_on)
) /*clustered*/;
create index wave_counts_day on wave_counts (released_on);

insert into counted_villages (village_code, changed) select distinct village_code, 1 from leads;
insert into lead_counts (village_code, state, level, severity, department, outcome, due_on, released_on, leads)
  select village_code, state, level, severity, department, coalesce(outcome, ''),
    case when state = 'open' then coalesce(due_on, '') else '' end,
    case when state = 'open' then coalesce(released_on, '') else '' end, count(*)
  from leads group by 1, 2, 3, 4, 5, 6, 7, 8;
insert into reason_counts (rule_id, village_code, state, level, department, outcome, holds, settled, reasons)
  select r.rule_id, l.village_code, l.state, l.level, r.department, coalesce(l.outcome, ''),
    case when r.gone_on is null then 1 else 0 end, r.settled, count(*)
  from leads l join lead_reasons r on r.lead_id = l.id group by 1, 2, 3, 4, 5, 6, 7, 8;
insert into wave_counts (village_code, released_on, leads)
  select l.village_code, l.released_on, count(*) from leads l join rule_runs u on u.id = l.run_id and u.kind = 'baseline'
  where l.released_on is not null group by 1, 2;
