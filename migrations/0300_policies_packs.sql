-- Published versions of policy packs. Only ever added to: a lead keeps the version it was made under.
create table pack_versions (
  pack_id text not null,
  version bigint not null check (version >= 0),
  valid_from text not null,
  valid_to text,
  hash text not null,                       -- SHA-256 over paths and texts
  files text not null,                      -- JSON: path in the pack -> text
  published_at text not null,
  published_by text not null,
  primary key (pack_id, version)
) /*clustered*/;
