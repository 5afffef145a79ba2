-- Cases: one household (or person) on its way through a life of the pack.
create table cases (
    id             text primary key,
    number         text not null unique,
    life           text not null,
    household_id   text not null,
    person_id      text,
    village_code   text not null,
    state          text not null,
    back_state     text,
    phase          text not null check (phase in ('identify', 'help', 'remove', 'follow', 'over', 'side')),
    owner          text not null check (owner in ('village', 'township', 'county')),
    class          text,
    discovered_on  text not null,
    total_due_on   text,
    since_day      text not null,
    due_on         text,
    sort_day       text not null,
    urgent         bigint not null default 0,
    notice_until   text,
    notice_hangs   bigint not null default 0,
    objections     bigint not null default 0,
    identified_on  text,
    closed_on      text,
    closed_how     text,
    last_by        text,
    lead_id        text,
    created_at     text not null,
    version        bigint not null
);
create index cases_by_phase on cases (phase, sort_day, id);
create index cases_by_village on cases (village_code, phase, sort_day, id);
create index cases_by_household on cases (household_id, phase);

-- Every step, the beginning included: the whole command, so that the case can be lived again from it.
create table case_steps (
    case_id      text not null,
    seq          bigint not null,
    step         text not null,
    from_state   text not null,
    to_state     text not null,
    on_day       text not null,
    at           text not null,
    account_id   text not null,
    name         text not null,
    body         text not null,
    evidence     text not null default '{}',
    pack_id      text not null,
    pack_version bigint not null,
    primary key (case_id, seq)
) /*clustered*/;

-- Leads that a case answers.
create table case_leads (
    lead_id   text primary key,
    case_id   text not null,
    joined_at text not null
);
create index case_leads_by_case on case_leads (case_id);

-- Signed papers of a case: truth promise and consent, and what later steps make.
create table case_papers (
    case_id    text not null,
    seq        bigint not null,
    kind       text not null,
    on_day     text not null,
    signed_by  text not null,
    how        text not null check (how in ('signed', 'thumb', 'for_other')),
    read_by    text not null default '',
    account_id text not null,
    name       text not null,
    at         text not null,
    primary key (case_id, seq)
) /*clustered*/;

-- Risks in their order, up to five.
create table case_risks (
    case_id  text not null,
    position bigint not null,
    risk     text not null,
    kind     text,
    words    text not null default '',
    found_on text not null,
    gone_on  text,
    gone_why text,
    name     text not null,
    recorded_at text not null,
    primary key (case_id, position)
) /*clustered*/;

-- Questions of the comparison with departments: asked, answered, explained, decided. What a department found is sealed.
create table case_questions (
    case_id      text not null,
    item         text not null,
    office       text not null,
    asked_on     text not null,
    asked_by     text not null,
    answer       text check (answer in ('none', 'hit')),
    found_sealed text,
    answered_on  text,
    answered_by  text,
    words        text,
    decision     text check (decision in ('goes_on', 'stops')),
    decided_by   text,
    decided_at   text,
    recorded_at  text not null,
    primary key (case_id, item)
) /*clustered*/;
create index case_questions_open on case_questions (office, answer, asked_on);

-- What cases, their risks and questions were before they changed.
create table cases_kept as select cast('' as text) as until, t.* from cases t where 1 = 0;
create unique index cases_kept_key on cases_kept (id, until);
create index cases_kept_until on cases_kept (until);

create table case_risks_kept as select cast('' as text) as until, t.* from case_risks t where 1 = 0;
create unique index case_risks_kept_key on case_risks_kept (case_id, position, until);
create index case_risks_kept_until on case_risks_kept (until);

create table case_questions_kept as select cast('' as text) as until, t.* from case_questions t where 1 = 0;
create unique index case_questions_kept_key on case_questions_kept (case_id, item, until);
create index case_questions_kept_until on case_questions_kept (until);
