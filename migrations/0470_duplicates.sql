-- People and households that were recorded twice: what was said about a pair, what a merge changed, and until when it held.

-- Who a person (a household) is held to be today; null for everybody else. Follows from the pairs of merges that stand.
alter table persons add column merged_into text;
create index persons_merged on persons (merged_into) where merged_into is not null;
alter table households add column merged_into text;
create index households_merged on households (merged_into) where merged_into is not null;

create table merges (
    id            text primary key,
    kind          text not null check (kind in ('person', 'household')),
    state         text not null check (state in ('proposed', 'refused', 'carried', 'undone')),
    goes_id       text not null,                -- the record that goes into the other
    stays_id      text not null,
    goes_home     text not null,                -- the household of the one that goes, when it was written down
    stays_home    text not null,
    village_code  text not null,                -- where the one that stays lives
    body          text not null,                -- JSON: what was chosen
    said_by       text not null,                -- who proposed it or merged at once
    said_at       text not null,
    decided_by    text,
    decided_at    text,
    reason        text,                         -- why, or why it was refused
    undone_by     text,
    undone_at     text,
    undo_reason   text
);
create index merges_state on merges (state, said_at);
create index merges_goes on merges (goes_id);
create index merges_stays on merges (stays_id);

-- Who is held to be whom, and while it was known so. A merge of households brings the pairs of their people with it.
create table merge_pairs (
    merge_id  text not null,
    kind      text not null check (kind in ('person', 'household')),
    goes_id   text not null,
    stays_id  text not null,
    at        text not null,
    undone_at text,
    primary key (merge_id, kind, goes_id)
) /*clustered*/;
create index merge_pairs_goes on merge_pairs (goes_id);

-- Each row that a merge or its undoing wrote over, as it was before and after, so that it can be undone and so that what
-- was known earlier can still be read.
create table merge_changes (
    merge_id text not null,
    seq      bigint not null,
    what     text not null check (what in ('stay', 'status', 'person', 'household')),
    row_key  text not null,
    origin   text,                              -- the key of the row whose place a new one takes
    before   text,                              -- JSON; null: there was no such row
    after    text not null,                     -- JSON
    at       text not null,
    undoes   bigint not null default 0,         -- 1: written by the undoing
    primary key (merge_id, seq)
) /*clustered*/;
create index merge_changes_row on merge_changes (what, row_key, at);
create index merge_changes_at on merge_changes (at);

-- Pairs of which somebody said that they are two: they are not suggested again.
create table duplicate_verdicts (
    kind     text not null check (kind in ('person', 'household')),
    one_id   text not null,                     -- the lower id of the two
    other_id text not null,
    said_by  text not null,
    said_at  text not null,
    reason   text,
    primary key (kind, one_id, other_id)
) /*clustered*/;
