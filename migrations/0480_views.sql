-- What a person keeps of a list: a name for its filters. Nobody else's views are ever shown.
create table views (
  id text primary key,
  account_id text not null,
  name text not null,
  path text not null,
  query text not null,
  kept_at text not null
);
create unique index views_name on views (account_id, path, name);
