-- What the collective of a village earned in a year; a figure that is put right stands beside the one before.
create table village_incomes (
  village_code text not null,
  year         bigint not null,
  number       bigint not null,              -- 1 for the first time, counted up; the last counts
  at           text not null,
  amount_fen   bigint not null,
  document     text not null,                -- may be empty
  account_id   text not null,
  name         text not null,
  primary key (village_code, year, number)
) /*clustered*/;

-- Classes of villages by hand: null goes back to the class that follows from the income.
create table village_classes (
  village_code text not null,
  year         bigint not null,
  number       bigint not null,              -- 1 for the first time, counted up; the last counts
  at           text not null,
  class        text check (class in ('shell', 'weak', 'over')),
  document     text not null,
  account_id   text not null,
  name         text not null,
  primary key (village_code, year, number)
) /*clustered*/;
