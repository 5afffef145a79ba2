-- What people declared or reported about households, by whichever way it came. Who it is about is sealed.
create table declarations (
  id           text primary key,
  letter       text unique,                 -- id of the line of the public inbox: a line is taken in once
  channel      text not null check (channel in ('self','neighbour','village','hotline','petition','media')),
  kind         text not null,               -- code of the list of risks
  urgent       bigint not null,
  said_on      text not null,
  said_at      text not null,
  taken_at     text not null,
  village_code text not null,               -- of the household once it is known, before that as it was chosen
  said_village text not null,
  sealed       text not null,               -- JSON: name, phone, number, words, helper, number of the source
  same_digest  text not null,               -- the same for one person, keyed
  marks        text not null,               -- JSON: why somebody should look twice
  state        text not null check (state in ('waiting','placed','not_here','junk')),
  reason       text not null,               -- how its household was found or why it is asked, a code of the matching
  candidates   text not null,               -- JSON: persons and households it may be about
  household_id text,
  person_id    text,
  lead_id      text,
  objects_to   text,                        -- the declaration whose answer it speaks against
  entered_by   text not null,
  entered_name text not null,
  decided_by   text,
  decided_name text,
  decided_at   text,
  words        text,                        -- why it was put aside
  version      bigint not null
);
create index declarations_state on declarations (state, village_code, said_at, id);
create index declarations_household on declarations (household_id, said_at) where household_id is not null;
create index declarations_same on declarations (same_digest, said_at);
create index declarations_objects on declarations (objects_to) where objects_to is not null;

-- Whom applicants of a township call.
create table declaration_phones (
  area_code  text primary key,
  phone      text not null,
  said_by    text not null,
  said_at    text not null
) /*clustered*/;
