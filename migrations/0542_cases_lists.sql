-- Lists of cases by their day: what runs and what is over lie apart, because a county has many more of the second kind.
create index cases_running on cases (sort_day, id) where phase in ('identify', 'help', 'remove', 'side');
create index cases_closed on cases (sort_day, id) where phase in ('follow', 'over');
create index cases_states on cases (state, phase, village_code, household_id);
create index case_risks_risk on case_risks (risk, case_id);
drop index cases_by_phase;
