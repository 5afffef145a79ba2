-- Accounts, what they may see, their sessions, and failed attempts to sign in.
create table accounts (
  id text primary key,
  login text not null unique,
  name text not null,
  role text not null check (role in ('county','township','village','department','helper','bank','inspector','evaluator','leader')),
  department text,
  home_code text not null,
  password text not null,
  must_change bigint not null,
  disabled_on text,
  demo bigint not null,
  lang text not null,
  created_at text not null
);

create table scopes (
  account_id text not null,
  kind text not null check (kind in ('area','household','list')),
  low text not null,
  high text not null,
  target text not null,
  from_day text not null,
  to_day text
);
create index scopes_account on scopes (account_id);
-- The program itself sees everything; it cannot sign in, for it has no account.
insert into scopes (account_id, kind, low, high, target, from_day)
values ('system', 'area', '000000000000', '999999999999', '000000000000', '1949-10-01');

create table sessions (
  token_digest text primary key,
  account_id text not null,
  started_at text not null,
  seen_at text not null,
  ended_at text
);
create index sessions_account on sessions (account_id);

create table sign_in_failures (
  login text not null,
  at text not null
);
create index sign_in_failures_login on sign_in_failures (login, at);
