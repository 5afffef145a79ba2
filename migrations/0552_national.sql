-- Differences between a case and the national register that a person settled: whose value holds. Rows are added; an undone one
-- says when and by whom.
create table case_settlements (
    case_id     text not null,
    seq         bigint not null,
    field       text not null check (field in ('class', 'identified_on', 'risks', 'removed', 'removed_on', 'way')),
    ours        text not null,
    theirs      text not null,
    choice      text not null check (choice in ('ours', 'theirs')),
    account_id  text not null,
    by_name     text not null,
    recorded_at text not null,
    undone_at   text,
    undone_by   text,
    primary key (case_id, seq)
) /*clustered*/;
