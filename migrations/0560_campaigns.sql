-- Campaigns: a life that begins for everybody whom it is for, at once, with a day by which all shall have gone through it.
create table campaigns (
    id           text primary key,
    life         text not null,
    words        text not null,
    due_on       text not null,
    selected     bigint not null,
    begun        bigint not null,
    account_id   text not null,
    name         text not null,
    on_day       text not null,
    at           text not null,
    pack_id      text not null,
    pack_version bigint not null
);

alter table cases add column campaign_id text;
alter table cases_kept add column campaign_id text;
create index cases_by_campaign on cases (campaign_id, village_code, state);
