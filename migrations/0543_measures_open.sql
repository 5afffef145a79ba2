-- Help that was promised and is not given, for the numbers of my work.
create index measures_open on measures (due_on, household_id, village_code, owner_office) where delivered_on is null and ended_on is null;
