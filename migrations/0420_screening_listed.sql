-- What lists and counts of leads ask: the reasons by rule in the order in which leads are listed, the village beside the
-- order, and what was given out lately. A reason carries the state and the day of its lead, written with them.

alter table lead_reasons add column lead_state text not null default '';
alter table lead_reasons add column lead_day text not null default '';
update lead_reasons set
  lead_state = (select l.state from leads l where l.id = lead_reasons.lead_id),
  lead_day = (select l.sort_day from leads l where l.id = lead_reasons.lead_id);
drop index lead_reasons_rule;
create index lead_reasons_rule on lead_reasons (rule_id, lead_state, lead_day, lead_id, gone_on) where gone_on is null;

drop index leads_state;
create index leads_state on leads (state, sort_day, id, village_code);
create index leads_released on leads (released_on) where released_on is not null;
