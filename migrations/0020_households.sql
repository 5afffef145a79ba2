-- Every rural household and every person in it, with dated membership and dated status.
-- Days are half open: a row holds on valid_from and no longer holds on valid_to.

create table households (
    id           text primary key,
    number       text not null unique,          -- 户编号
    -- null while the register batch named in arriving_in is not accepted: a household that stands in no village is seen
    -- by no query by area or scope, so that nobody ever sees half an import
    village_code text,
    group_name   text,
    head_id      text,
    address      text,
    phone_sealed text,
    phone_tail   text,                          -- last four digits
    opened_on    text,                          -- null: before the register began
    closed_on    text,
    created_at   text not null,
    batch_id     text,
    arriving_in  text                           -- the village that it will stand in
);
create index households_village on households (village_code, number);
create index households_phone on households (phone_tail);

-- Where a household stood before: a row is written when it moves or is renumbered.
create table household_places (
    household_id text not null,
    village_code text not null,
    group_name   text,
    address      text,
    valid_from   text not null,
    valid_to     text not null,
    recorded_at  text not null,
    primary key (household_id, valid_to)
) /*clustered*/;

create table persons (
    id           text primary key,
    number       text not null unique,          -- 人编号
    name         text not null,
    name_key     text not null,                 -- normal form, for comparing
    sex          text check (sex in ('male', 'female')),
    birth_day    text,
    certificate  text not null check (certificate in ('citizen', 'disability', 'other', 'none')),
    id_state     text not null check (id_state in ('ok', 'wrong_check', 'twice', 'missing', 'unverified')),
    id_digest    text,                          -- keyed digest of the 18 digits
    id15_digest  text,                          -- of the first 15
    id6_digest   text,                          -- of the last six
    id_sealed    text,
    certificate_tail text,                      -- what follows the 18 digits on a disability certificate
    phone_sealed text,
    phone_digest text,
    phone_tail   text,
    died_on      text,
    batch_id     text
);
create index persons_id on persons (id_digest);
create index persons_id6 on persons (id6_digest);
create index persons_phone on persons (phone_tail);

-- One row per stay and kin: when another person becomes head, the kin of the others changes and each gets a new row
-- (how_out and how_in 'head').
create table memberships (
    household_id  text not null,
    person_id     text not null,
    valid_from    text not null,
    valid_to      text,
    kin           text not null,                -- code of the list kin: head, spouse, son …
    how_in        text not null check (how_in in ('register', 'birth', 'marriage', 'return', 'split', 'merge', 'head', 'correction')),
    how_out       text check (how_out in ('register', 'death', 'left', 'split', 'merge', 'head', 'correction')),
    hukou         bigint not null,
    shares_budget bigint not null,
    resident      bigint not null,
    recorded_at   text not null,
    ended_at      text,                         -- when valid_to became known
    batch_id      text,
    ended_by      text,                         -- the batch that ended it, so that the batch can be reverted
    primary key (household_id, person_id, valid_from)
) /*clustered*/;
create index memberships_person on memberships (person_id);

-- Status of a household or of one person in it. Scheme: type, monitored, dibao, tekun, legacy …
create table statuses (
    household_id text not null,
    seq          bigint not null,
    person_id    text,
    scheme       text not null,
    value        text not null,
    valid_from   text not null,
    valid_to     text,
    source       text not null,
    detail       text,                          -- JSON: causes, exit year, how removed
    recorded_at  text not null,
    ended_at     text,
    batch_id     text not null,
    row_no       bigint not null,
    ended_by     text,
    primary key (household_id, seq)
) /*clustered*/;

-- Prefixes that people type: name, given name, pinyin, initials (in lower case, without spaces).
create table search_keys (
    key          text not null,
    kind         text not null check (kind in ('name', 'pinyin', 'initials')),
    household_id text not null,
    person_id    text not null,
    village_code text not null,
    primary key (key, person_id, kind)
) /*clustered*/;
create index search_keys_person on search_keys (person_id);

-- What a village proposes and a township confirms: birth, marriage, death, leaving, return, split, merge, move, a value.
create table proposals (
    id           text primary key,
    kind         text not null check (kind in ('birth', 'marriage_in', 'death', 'leave', 'return', 'split', 'merge', 'move', 'correct')),
    household_id text not null,
    village_code text not null,
    on_day       text not null,
    body         text not null,                 -- JSON: the whole command, without identity numbers in clear
    sealed       text,                          -- identity number and phone of a newcomer
    state        text not null check (state in ('proposed', 'confirmed', 'refused')),
    proposed_by  text not null,
    proposed_at  text not null,
    decided_by   text,
    decided_at   text,
    reason       text
);
create index proposals_state on proposals (state, village_code, proposed_at);
create index proposals_household on proposals (household_id);
