-- A register that comes again: what it changed about what was known, so that it can be taken back whole, and whom it no
-- longer names, so that somebody says what became of them.

create table persons_before (
    batch_id     text not null,                 -- the register that changed it
    person_id    text not null,
    name         text not null,
    name_key     text not null,
    id_state     text not null,
    id_digest    text,
    id15_digest  text,
    id6_digest   text,
    id_sealed    text,
    phone_sealed text,
    phone_digest text,
    phone_tail   text,
    primary key (batch_id, person_id)
) /*clustered*/;

create table households_before (
    batch_id     text not null,
    household_id text not null,
    village_code text,
    head_id      text,
    closed_on    text,
    moved_on     text,                          -- the day from which the register has it elsewhere
    primary key (batch_id, household_id)
) /*clustered*/;

-- Stays that began on the register's own day and that it wrote over.
create table memberships_before (
    batch_id     text not null,
    household_id text not null,
    person_id    text not null,
    valid_from   text not null,
    valid_to     text,
    kin          text not null,
    how_out      text,
    ended_at     text,
    ended_by     text,
    primary key (batch_id, household_id, person_id, valid_from)
) /*clustered*/;

-- Households and people who stood in a village of the register and whom it does not name. Nobody is removed for that.
create table register_absences (
    batch_id     text not null,
    household_id text not null,
    person_id    text not null,                 -- empty: the whole household
    village_code text not null,
    state        text not null check (state in ('open', 'stays', 'replaced')),
    noted_at     text not null,
    answered_by  text,
    answered_at  text,
    reason       text,
    replaced_by  text,                          -- the later register that was asked again
    primary key (batch_id, household_id, person_id)
) /*clustered*/;
create index register_absences_open on register_absences (state, village_code);
