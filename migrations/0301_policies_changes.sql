-- How a county changes its policy: the documents behind it, drafts, and what was said of each published change. A published
-- change is a version of the pack `county` in pack_versions: its files take the place of those of the shipped packs from its
-- first day on.
create table policy_documents (
  id text primary key,
  number text not null,                     -- 文号
  issuer text not null,
  title text not null,
  kind text not null check (kind in ('document', 'plan', 'library')),
  state text not null check (state in ('draft', 'in_force', 'repealed')),
  issued_on text,
  valid_from text not null,
  valid_to text,
  area_code text,                           -- where it holds; null for everywhere
  supersedes text references policy_documents (id),
  note text not null,
  entered_at text not null,
  entered_by text not null
);
create index policy_documents_supersedes on policy_documents (supersedes);

create table policy_drafts (
  id text primary key,
  title text not null,
  stance text not null check (stance in ('continued', 'optimised', 'adjusted')),
  document_id text references policy_documents (id),
  valid_from text not null,
  changes text not null,                    -- JSON: see registry::policies::Change
  undoes bigint,                            -- the version of the pack county that it takes back
  state text not null check (state in ('open', 'submitted', 'published', 'withdrawn')),
  revision bigint not null,                 -- goes up with every change
  made_at text not null,
  made_by text not null,
  submitted_by text,
  said text not null,                       -- why it was given back
  version bigint                            -- the version of the pack county that it became
);
create index policy_drafts_document on policy_drafts (document_id);
create unique index policy_drafts_version on policy_drafts (version);
