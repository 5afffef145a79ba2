-- Review sittings of a village (民主评议会): one sitting handles many households. A sitting half entered is a draft.
create table sittings (
    id           text primary key,
    village_code text not null,
    state        text not null check (state in ('draft', 'held', 'dropped')),
    on_day       text not null,
    place        text not null default '',
    presided     text not null default '',
    recorder     text not null default '',
    present      bigint not null default 0,
    attending    text not null default '',
    minutes      text not null default '',
    account_id   text not null,
    by_name      text not null,
    recorded_at  text not null,
    held_by      text,
    held_at      text,
    version      bigint not null
);
create index sittings_by_village on sittings (village_code, state, on_day);

-- The households of a sitting, each with what the sitting decided and what came of it.
create table sitting_lines (
    sitting_id  text not null,
    case_id     text not null,
    position    bigint not null,
    removal     bigint not null,
    result      text not null default '' check (result in ('', 'agreed', 'declined', 'put_off')),
    agreed      bigint not null default 0,
    words       text not null default '',
    outcome     text not null default '' check (outcome in ('', 'taken', 'refused')),
    refused     text not null default '',
    recorded_at text not null,
    primary key (sitting_id, case_id)
) /*clustered*/;
create index sitting_lines_by_case on sitting_lines (case_id);
