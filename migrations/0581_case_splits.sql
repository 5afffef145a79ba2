-- Households that split off a monitored one, and what the village said of each. Rows are added; an undone one says when and by
-- whom.
create table case_splits (
    household_id text not null,                -- the new household
    seq          bigint not null,
    case_id      text not null,                -- the case of the household that it comes from
    answer       text not null check (answer in ('case', 'nothing')),
    opened_id    text,                         -- the case that began with it
    words        text not null default '',
    account_id   text not null,
    by_name      text not null,
    recorded_at  text not null,
    undone_at    text,
    undone_by    text,
    primary key (household_id, seq)
) /*clustered*/;
create index case_splits_case on case_splits (case_id);
create index memberships_split on memberships (valid_from) where how_in = 'split';

-- Help for one person that went along to the household in which the person lives now.
create table measure_moves (
    measure_id     text not null,
    seq            bigint not null,
    from_household text not null,
    to_household   text not null,
    account_id     text not null,
    by_name        text not null,
    recorded_at    text not null,
    undone_at      text,
    undone_by      text,
    primary key (measure_id, seq)
) /*clustered*/;
