-- The journal, its sealed head, the stamps of villages, and the access log.
create table journal_head (
  id bigint primary key check (id = 1),
  number bigint not null,
  mac text not null
);
insert into journal_head (id, number, mac) values (1, 0, '');

create table journal (
  number bigint primary key,
  at text not null,
  account_id text not null,
  actor text not null,
  verb text not null,
  about_kind text not null,
  about_id text not null,
  area_code text not null,
  request text not null,
  detail text not null,
  mac text not null
);
create index journal_about on journal (about_kind, about_id);

create table village_stamps (
  village_code text primary key,
  stamp bigint not null
);

create table access_log (
  at text not null,
  account_id text not null,
  kind text not null,
  verb text not null,
  about text not null,
  request text not null
);
create index access_log_at on access_log (at);
