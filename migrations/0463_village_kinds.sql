-- What kind a village was said to be by hand: all that applies, which of it counts, and the document behind it.
create table village_kinds (
  village_code text not null,
  number       bigint not null,              -- 1 for the first time, counted up
  at           text not null,
  from_day     text not null,
  class        text not null,                -- the one that counts
  applies      text not null,                -- JSON: all that apply
  document     text not null,
  account_id   text not null,
  name         text not null,
  primary key (village_code, number)
) /*clustered*/;
