-- Dated facts about people, households and villages, and the files that brought them.

create table batches (
    id                 text primary key,
    template           text not null,
    department         text not null,
    list_id            text not null,
    title              text,
    file_name          text not null,
    file_hash          text not null,
    original_name_hash text,
    period_from        text,
    period_to          text,
    area_code          text,
    state              text not null check (state in ('staging', 'ready', 'accepted', 'reverted', 'replaced', 'failed')),
    replaces_id        text,
    uploaded_by        text not null,
    uploaded_at        text not null,
    accepted_at        text,
    ended_at           text,
    rows_total         bigint not null default 0,
    rows_taken         bigint not null default 0,
    rows_duplicate     bigint not null default 0,
    rows_asked         bigint not null default 0,
    rows_not_here      bigint not null default 0,
    rows_rejected      bigint not null default 0,
    note               text
);
create index batches_list on batches (list_id, period_to);
create index batches_hash on batches (file_hash);

-- Which list has arrived for which area and period: inside it an absent event is none, outside it is unknown.
create table coverage (
    department text not null,
    list_id    text not null,
    area_code  text not null,
    from_day   text not null,
    to_day     text not null,                   -- last day covered
    batch_id   text not null,
    primary key (list_id, area_code, from_day, batch_id)
) /*clustered*/;
create index coverage_batch on coverage (batch_id);

-- One record per subject, topic and source row. It counts only while its batch is accepted.
create table records (
    batch_id     text not null,
    row_no       bigint not null,
    seq          bigint not null,
    subject      text not null check (subject in ('household', 'person', 'village')),
    subject_id   text not null,
    household_id text,
    village_code text not null,
    topic        text not null,
    source       text not null,
    valid_from   text not null,
    valid_to     text,
    recorded_at  text not null,
    withdrawn_at text,
    body         text not null,
    primary key (batch_id, row_no, seq)
) /*clustered*/;
create index records_household on records (household_id, topic);
create index records_village on records (village_code, topic) where household_id is null;

-- Income and business cost by line a1 … e4, as delivered; an entry belongs to the window of its last day.
create table incomes (
    household_id text not null,
    to_day       text not null,
    line         text not null,
    batch_id     text not null,
    row_no       bigint not null,
    from_day     text not null,
    amount_fen   bigint not null,
    source       text not null,
    primary key (household_id, to_day, line, batch_id, row_no)
) /*clustered*/;
