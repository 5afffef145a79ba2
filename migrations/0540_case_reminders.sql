-- What the nightly clocks recall of cases: a step whose day is near or past, the announcement, papers that are still to come
-- after urgent help, help that was promised. A reminder goes by the thing being done, by nothing else.
create table case_reminders (
    case_id      text not null,
    kind         text not null check (kind in ('step', 'total', 'papers', 'measure')),
    about        text not null,                 -- state and since when; day of discovery; paper; id of the measure
    household_id text not null,
    owner        text not null check (owner in ('village', 'township', 'county')),
    day          text not null,                 -- by when
    recorded_at  text not null,
    done_on      text,
    primary key (case_id, kind, about)
);
create index case_reminders_open on case_reminders (kind, day) where done_on is null;
create index case_reminders_household on case_reminders (household_id) where done_on is null;

create table case_reminders_kept as select cast('' as text) as until, t.* from case_reminders t where 1 = 0;
create unique index case_reminders_kept_key on case_reminders_kept (case_id, kind, about, until);
create index case_reminders_kept_until on case_reminders_kept (until);

-- One line for each day on which the clocks went.
create table case_clock_runs (
    day       text primary key,
    at        text not null,
    cases     bigint not null,                  -- that run
    due       bigint not null,                  -- of these due on the day
    overdue   bigint not null,
    reminded  bigint not null,                  -- reminders that are new
    standing  bigint not null                   -- all that stand
) /*clustered*/;
