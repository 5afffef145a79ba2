-- Layouts of papers that the county changed in Word. Rows are added, never changed: an earlier layout is taken back by a new
-- version that says whose it is; version 0 is the layout that ships with the program.
create table paper_layouts (
    paper       text not null,
    version     bigint not null,
    from_day    text not null,
    name        text not null,
    content     text not null,
    digest      text not null,
    again_of    bigint,
    account_id  text not null,
    by_name     text not null,
    recorded_at text not null,
    primary key (paper, version)
) /*clustered*/;
