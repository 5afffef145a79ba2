-- What a row was before it was changed or deleted, and until when. Triggers fill these tables (store/src/kept.rs), so that no
-- change can be forgotten; a page as it was known earlier is read from them. The columns are those of the table that count:
-- a later column of the table is added to both.

-- The instant of the transaction that writes, for the triggers of the embedded engine.
create table writing (
  id bigint primary key check (id = 1),
  at text not null
);
insert into writing (id, at) values (1, '');

create table households_kept as select cast('' as text) as until, t.* from households t where 1 = 0;
create unique index households_kept_key on households_kept (id, until);
create index households_kept_until on households_kept (until);

create table persons_kept as select cast('' as text) as until, t.* from persons t where 1 = 0;
create unique index persons_kept_key on persons_kept (id, until);
create index persons_kept_until on persons_kept (until);

create table memberships_kept as select cast('' as text) as until, t.* from memberships t where 1 = 0;
create unique index memberships_kept_key on memberships_kept (household_id, person_id, valid_from, until);
create index memberships_kept_until on memberships_kept (until);

create table statuses_kept as select cast('' as text) as until, t.* from statuses t where 1 = 0;
create unique index statuses_kept_key on statuses_kept (household_id, seq, until);
create index statuses_kept_until on statuses_kept (until);

create table household_places_kept as select cast('' as text) as until, t.* from household_places t where 1 = 0;
create unique index household_places_kept_key on household_places_kept (household_id, valid_to, until);
create index household_places_kept_until on household_places_kept (until);

create table register_absences_kept as select cast('' as text) as until, t.* from register_absences t where 1 = 0;
create unique index register_absences_kept_key on register_absences_kept (batch_id, household_id, person_id, until);
create index register_absences_kept_until on register_absences_kept (until);

create table records_kept as select cast('' as text) as until, t.* from records t where 1 = 0;
create unique index records_kept_key on records_kept (batch_id, row_no, seq, until);
create index records_kept_until on records_kept (until);

create table batches_kept as select cast('' as text) as until, t.* from batches t where 1 = 0;
create unique index batches_kept_key on batches_kept (id, until);
create index batches_kept_until on batches_kept (until);

create table batch_rows_kept as select cast('' as text) as until, t.* from batch_rows t where 1 = 0;
create unique index batch_rows_kept_key on batch_rows_kept (batch_id, row_no, until);
create index batch_rows_kept_until on batch_rows_kept (until);

create table match_queue_kept as select cast('' as text) as until, t.* from match_queue t where 1 = 0;
create unique index match_queue_kept_key on match_queue_kept (batch_id, row_no, until);
create index match_queue_kept_until on match_queue_kept (until);

create table areas_kept as select cast('' as text) as until, t.* from areas t where 1 = 0;
create unique index areas_kept_key on areas_kept (code, until);
create index areas_kept_until on areas_kept (until);

create table area_names_kept as select cast('' as text) as until, t.* from area_names t where 1 = 0;
create unique index area_names_kept_key on area_names_kept (name, code, kind, until);
create index area_names_kept_until on area_names_kept (until);

create table area_classes_kept as select cast('' as text) as until, t.* from area_classes t where 1 = 0;
create unique index area_classes_kept_key on area_classes_kept (code, valid_from, until);
create index area_classes_kept_until on area_classes_kept (until);

create table leads_kept as select cast('' as text) as until, t.* from leads t where 1 = 0;
create unique index leads_kept_key on leads_kept (id, until);
create index leads_kept_until on leads_kept (until);

create table lead_reasons_kept as select cast('' as text) as until, lead_id, rule_id, severity, department, pack_id, pack_version, certainty, settled, sentence_zh,
    sentence_en, evidence, worse, hit_on, gone_on
  from lead_reasons where 1 = 0;
create unique index lead_reasons_kept_key on lead_reasons_kept (lead_id, rule_id, until);
create index lead_reasons_kept_until on lead_reasons_kept (until);
