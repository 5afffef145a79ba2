-- Plans: under which document another stands, for how many months what it gave runs on, what is to be reached by when, and
-- which unit has received which document.
alter table policy_documents add column parent text references policy_documents (id);
alter table policy_documents add column run_out_months bigint;
create index policy_documents_parent on policy_documents (parent);

create table policy_milestones (
  id          text primary key,
  document_id text not null references policy_documents (id),
  title       text not null,
  due_on      text not null,
  indicator   text,                         -- code of an indicator; null where the value is written by hand
  area_code   text,                         -- of which area; null for the whole county
  unit        text not null,
  direction   text not null check (direction in ('at_least', 'at_most')),
  target      double precision not null,
  value       double precision,             -- as it was recorded, of an indicator too: later corrections do not move it
  value_on    text,
  value_by    text,
  note        text not null,
  set_at      text not null,
  set_by      text not null
);
create index policy_milestones_document on policy_milestones (document_id, due_on);

create table policy_issues (
  document_id   text not null references policy_documents (id),
  unit_kind     text not null check (unit_kind in ('office', 'town', 'village')),
  unit          text not null,              -- code of the office, or of the area
  issued_on     text not null,
  issued_by     text not null,
  received_at   text,
  received_by   text,
  received_name text,
  primary key (document_id, unit_kind, unit)
) /*clustered*/;
create index policy_issues_unit on policy_issues (unit_kind, unit);
