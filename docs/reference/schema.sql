-- The tables as the migrations and the declared facts leave them on SQLite. Generated; PostgreSQL has the same columns.

CREATE TABLE access_log (
  at text not null,
  account_id text not null,
  kind text not null,
  verb text not null,
  about text not null,
  request text not null
);

CREATE INDEX access_log_at on access_log (at);

CREATE TABLE accounts (
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

CREATE TABLE area_classes (
    code       text not null,
    class      text not null,
    valid_from text not null,
    valid_to   text,
    primary key (code, valid_from)
) without rowid;

CREATE TABLE area_groups (
    village_code text not null,
    number       bigint not null,
    name         text not null,
    primary key (village_code, number)
) without rowid;

CREATE TABLE area_names (
    code     text not null,
    name     text not null,
    kind     text not null check (kind in ('official', 'short', 'former')),
    valid_to text,                              -- first day on which it was no longer the name
    primary key (name, code, kind)
) without rowid;

CREATE INDEX area_names_code on area_names (code);

CREATE TABLE area_successors (
    old_code text not null,
    new_code text not null,
    on_day   text not null,
    primary key (old_code, new_code)
) without rowid;

CREATE TABLE areas (
    code          text primary key,             -- 12 digits
    name          text not null,                -- short: 红坡村
    official_name text not null,                -- 红坡村委会
    level         text not null check (level in ('province', 'city', 'county', 'town', 'village')),
    parent_code   text,                         -- null at the top of what was imported
    valid_from    text not null,
    valid_to      text,                         -- first day on which the code is no longer in use
    lon           double precision,
    lat           double precision
);

CREATE INDEX areas_parent on areas (parent_code, code);

CREATE TABLE "batch_rows" (
  batch_id text not null,
  row_no bigint not null,
  outcome text not null check (outcome = 'taken' or outcome = 'duplicate' or outcome = 'asked' or outcome = 'not_here'
                               or outcome = 'rejected'),
  reason text not null,
  person_id text,
  household_id text,
  village_code text,
  event_key text,                           -- keyed digest of what makes two rows the same event
  event_day text,
  amount_fen bigint,
  repeats_batch text,
  repeats_row bigint,
  primary key (batch_id, row_no)
) without rowid;

CREATE INDEX batch_rows_event on batch_rows (event_key) where event_key is not null;

CREATE INDEX batch_rows_household on batch_rows (household_id) where household_id is not null;

CREATE TABLE batch_sheets (
  batch_id text not null,
  sheet bigint not null,
  name text not null,
  template text not null,
  list_id text not null,
  coverage text not null,                   -- what absence means: events, snapshot, roll; empty without a template
  header_row bigint,
  mapping text not null,                    -- JSON: their column -> our field, as it was used
  primary key (batch_id, sheet)
) without rowid;

CREATE TABLE batches (
    id                 text primary key,
    template           text not null,
    department         text not null,
    list_id            text not null,
    title              text,
    file_name          text not null,
    file_hash          text not null,
    original_name_hash text,
    period_from        text,
    period_to          text,
    area_code          text,
    state              text not null check (state in ('staging', 'ready', 'accepted', 'reverted', 'replaced', 'failed')),
    replaces_id        text,
    uploaded_by        text not null,
    uploaded_at        text not null,
    accepted_at        text,
    ended_at           text,
    rows_total         bigint not null default 0,
    rows_taken         bigint not null default 0,
    rows_duplicate     bigint not null default 0,
    rows_asked         bigint not null default 0,
    rows_not_here      bigint not null default 0,
    rows_rejected      bigint not null default 0,
    note               text
);

CREATE INDEX batches_hash on batches (file_hash);

CREATE INDEX batches_list on batches (list_id, period_to);

CREATE TABLE counted_villages (
  village_code text primary key,
  changed      bigint not null
) without rowid;

CREATE TABLE coverage (
    department text not null,
    list_id    text not null,
    area_code  text not null,
    from_day   text not null,
    to_day     text not null,                   -- last day covered
    batch_id   text not null,
    primary key (list_id, area_code, from_day, batch_id)
) without rowid;

CREATE INDEX coverage_batch on coverage (batch_id);

CREATE TABLE duplicate_verdicts (
    kind     text not null check (kind in ('person', 'household')),
    one_id   text not null,                     -- the lower id of the two
    other_id text not null,
    said_by  text not null,
    said_at  text not null,
    reason   text,
    primary key (kind, one_id, other_id)
) without rowid;

CREATE TABLE fact_meaning (
    id      bigint primary key check (id = 1),
    meaning text not null                       -- digest of the columns and of the derivation
);

CREATE TABLE "findings" (
  batch_id text not null,
  seq bigint not null,
  severity text not null check (severity = 'error' or severity = 'warning' or severity = 'note'),
  code text not null,
  sheet text not null,
  row_no bigint not null,
  cell text not null,
  args text not null,
  primary key (batch_id, seq)
) without rowid;

CREATE TABLE household_facts (
  household_id TEXT NOT NULL PRIMARY KEY,
  village_code TEXT NOT NULL,
  changes_on TEXT,
  hh_type TEXT,
  monitor_type TEXT,
  risk_removed TEXT,
  monitored BIGINT CHECK (monitored IN (0, 1)),
  identified_on TEXT CHECK (length(identified_on) = 10),
  removed_on TEXT CHECK (length(removed_on) = 10),
  removal_way TEXT,
  no_labour_marked BIGINT CHECK (no_labour_marked IN (0, 1)),
  risk_illness BIGINT CHECK (risk_illness IN (0, 1)),
  risk_disability BIGINT CHECK (risk_disability IN (0, 1)),
  risk_schooling BIGINT CHECK (risk_schooling IN (0, 1)),
  risk_disaster BIGINT CHECK (risk_disaster IN (0, 1)),
  risk_labour BIGINT CHECK (risk_labour IN (0, 1)),
  risk_unstable_work BIGINT CHECK (risk_unstable_work IN (0, 1)),
  dibao BIGINT CHECK (dibao IN (0, 1)),
  tekun BIGINT CHECK (tekun IN (0, 1)),
  house_grade TEXT,
  water_safe BIGINT CHECK (water_safe IN (0, 1)),
  relocated BIGINT CHECK (relocated IN (0, 1)),
  food_ok BIGINT CHECK (food_ok IN (0, 1)),
  clothing_ok BIGINT CHECK (clothing_ok IN (0, 1)),
  floor_area DOUBLE PRECISION,
  farmland DOUBLE PRECISION,
  road_distance DOUBLE PRECISION,
  income_pc_reported BIGINT,
  old_register BIGINT CHECK (old_register IN (0, 1)),
  old_causes TEXT,
  old_exit_year TEXT,
  persons_registered BIGINT,
  persons BIGINT,
  labour BIGINT,
  labour_weak BIGINT,
  workers BIGINT,
  migrants BIGINT,
  public_posts BIGINT,
  uninsured BIGINT,
  no_major_insurance BIGINT,
  chronic BIGINT,
  severe_ill BIGINT,
  disabled BIGINT,
  disabled_severe BIGINT,
  elders BIGINT,
  elders_80 BIGINT,
  elder_alone BIGINT CHECK (elder_alone IN (0, 1)),
  children_under_16 BIGINT,
  children_alone BIGINT CHECK (children_alone IN (0, 1)),
  left_behind BIGINT,
  school_age BIGINT,
  school_age_out BIGINT,
  students BIGINT,
  students_senior BIGINT,
  dibao_persons BIGINT,
  tekun_persons BIGINT,
  insurance_ok BIGINT CHECK (insurance_ok IN (0, 1)),
  schooling_ok BIGINT CHECK (schooling_ok IN (0, 1)),
  housing_ok BIGINT CHECK (housing_ok IN (0, 1)),
  income_12m BIGINT,
  income_prev_12m BIGINT,
  income_pc BIGINT,
  income_pc_prev BIGINT,
  wage_12m BIGINT,
  wage_prev_12m BIGINT,
  business_net_12m BIGINT,
  business_cost_12m BIGINT,
  property_12m BIGINT,
  transfer_12m BIGINT,
  relief_income_12m BIGINT,
  income_reference_12m BIGINT,
  income_reference_pc BIGINT,
  income_last_on TEXT CHECK (length(income_last_on) = 10),
  deaths_12m BIGINT,
  head_died BIGINT CHECK (head_died IN (0, 1)),
  labour_died BIGINT,
  moved_out_12m BIGINT,
  house_cd TEXT,
  water_outage_days BIGINT,
  dropout_suspects BIGINT,
  sick_leave_pupils BIGINT,
  oop_12m BIGINT,
  oop_max_stay BIGINT,
  hospital_stays BIGINT,
  hospital_total_12m BIGINT,
  edu_cost BIGINT,
  students_paying BIGINT,
  dibao_new_12m BIGINT,
  dibao_stopped_12m BIGINT,
  tekun_new_12m BIGINT,
  temp_relief_12m BIGINT,
  disabled_new_12m BIGINT,
  disabled_severe_new_12m BIGINT,
  jobless_count BIGINT,
  jobless_days BIGINT,
  unpaid_wages BIGINT,
  disaster_loss BIGINT,
  disaster_count BIGINT,
  loan_balance BIGINT,
  loan_overdue BIGINT,
  loan_overdue_days BIGINT,
  vehicles BIGINT,
  vehicle_max_value BIGINT,
  complaints_12m BIGINT,
  complaints_hardship BIGINT,
  complaints_water BIGINT,
  complaints_housing BIGINT,
  heads BIGINT,
  spouses BIGINT,
  couple_same_sex BIGINT CHECK (couple_same_sex IN (0, 1)),
  both_insured BIGINT,
  insured_without_major BIGINT,
  ids_wrong BIGINT,
  ids_twice BIGINT,
  ids_missing BIGINT,
  births_differ BIGINT,
  sexes_differ BIGINT,
  phones_wrong BIGINT,
  educated_pupils BIGINT,
  working_pupils BIGINT,
  work_without_place BIGINT,
  unable_workers BIGINT,
  able_as_unable BIGINT,
  size_differs BIGINT CHECK (size_differs IN (0, 1)),
  nobody_able BIGINT CHECK (nobody_able IN (0, 1)),
  own_lists TEXT
);

CREATE INDEX household_facts_changes_on ON household_facts (changes_on);

CREATE INDEX household_facts_village_code ON household_facts (village_code);

CREATE TABLE household_facts_next(
  preparation TEXT,
  household_id TEXT,
  village_code TEXT,
  changes_on TEXT,
  hh_type TEXT,
  monitor_type TEXT,
  risk_removed TEXT,
  monitored INT,
  identified_on TEXT,
  removed_on TEXT,
  removal_way TEXT,
  no_labour_marked INT,
  risk_illness INT,
  risk_disability INT,
  risk_schooling INT,
  risk_disaster INT,
  risk_labour INT,
  risk_unstable_work INT,
  dibao INT,
  tekun INT,
  house_grade TEXT,
  water_safe INT,
  relocated INT,
  food_ok INT,
  clothing_ok INT,
  floor_area REAL,
  farmland REAL,
  road_distance REAL,
  income_pc_reported INT,
  old_register INT,
  old_causes TEXT,
  old_exit_year TEXT,
  persons_registered INT,
  persons INT,
  labour INT,
  labour_weak INT,
  workers INT,
  migrants INT,
  public_posts INT,
  uninsured INT,
  no_major_insurance INT,
  chronic INT,
  severe_ill INT,
  disabled INT,
  disabled_severe INT,
  elders INT,
  elders_80 INT,
  elder_alone INT,
  children_under_16 INT,
  children_alone INT,
  left_behind INT,
  school_age INT,
  school_age_out INT,
  students INT,
  students_senior INT,
  dibao_persons INT,
  tekun_persons INT,
  insurance_ok INT,
  schooling_ok INT,
  housing_ok INT,
  income_12m INT,
  income_prev_12m INT,
  income_pc INT,
  income_pc_prev INT,
  wage_12m INT,
  wage_prev_12m INT,
  business_net_12m INT,
  business_cost_12m INT,
  property_12m INT,
  transfer_12m INT,
  relief_income_12m INT,
  income_reference_12m INT,
  income_reference_pc INT,
  income_last_on TEXT,
  deaths_12m INT,
  head_died INT,
  labour_died INT,
  moved_out_12m INT,
  house_cd TEXT,
  water_outage_days INT,
  dropout_suspects INT,
  sick_leave_pupils INT,
  oop_12m INT,
  oop_max_stay INT,
  hospital_stays INT,
  hospital_total_12m INT,
  edu_cost INT,
  students_paying INT,
  dibao_new_12m INT,
  dibao_stopped_12m INT,
  tekun_new_12m INT,
  temp_relief_12m INT,
  disabled_new_12m INT,
  disabled_severe_new_12m INT,
  jobless_count INT,
  jobless_days INT,
  unpaid_wages INT,
  disaster_loss INT,
  disaster_count INT,
  loan_balance INT,
  loan_overdue INT,
  loan_overdue_days INT,
  vehicles INT,
  vehicle_max_value INT,
  complaints_12m INT,
  complaints_hardship INT,
  complaints_water INT,
  complaints_housing INT,
  heads INT,
  spouses INT,
  couple_same_sex INT,
  both_insured INT,
  insured_without_major INT,
  ids_wrong INT,
  ids_twice INT,
  ids_missing INT,
  births_differ INT,
  sexes_differ INT,
  phones_wrong INT,
  educated_pupils INT,
  working_pupils INT,
  work_without_place INT,
  unable_workers INT,
  able_as_unable INT,
  size_differs INT,
  nobody_able INT,
  own_lists TEXT
);

CREATE TABLE household_facts_whole_next (
  household_id TEXT NOT NULL PRIMARY KEY,
  village_code TEXT NOT NULL,
  changes_on TEXT,
  hh_type TEXT,
  monitor_type TEXT,
  risk_removed TEXT,
  monitored BIGINT CHECK (monitored IN (0, 1)),
  identified_on TEXT CHECK (length(identified_on) = 10),
  removed_on TEXT CHECK (length(removed_on) = 10),
  removal_way TEXT,
  no_labour_marked BIGINT CHECK (no_labour_marked IN (0, 1)),
  risk_illness BIGINT CHECK (risk_illness IN (0, 1)),
  risk_disability BIGINT CHECK (risk_disability IN (0, 1)),
  risk_schooling BIGINT CHECK (risk_schooling IN (0, 1)),
  risk_disaster BIGINT CHECK (risk_disaster IN (0, 1)),
  risk_labour BIGINT CHECK (risk_labour IN (0, 1)),
  risk_unstable_work BIGINT CHECK (risk_unstable_work IN (0, 1)),
  dibao BIGINT CHECK (dibao IN (0, 1)),
  tekun BIGINT CHECK (tekun IN (0, 1)),
  house_grade TEXT,
  water_safe BIGINT CHECK (water_safe IN (0, 1)),
  relocated BIGINT CHECK (relocated IN (0, 1)),
  food_ok BIGINT CHECK (food_ok IN (0, 1)),
  clothing_ok BIGINT CHECK (clothing_ok IN (0, 1)),
  floor_area DOUBLE PRECISION,
  farmland DOUBLE PRECISION,
  road_distance DOUBLE PRECISION,
  income_pc_reported BIGINT,
  old_register BIGINT CHECK (old_register IN (0, 1)),
  old_causes TEXT,
  old_exit_year TEXT,
  persons_registered BIGINT,
  persons BIGINT,
  labour BIGINT,
  labour_weak BIGINT,
  workers BIGINT,
  migrants BIGINT,
  public_posts BIGINT,
  uninsured BIGINT,
  no_major_insurance BIGINT,
  chronic BIGINT,
  severe_ill BIGINT,
  disabled BIGINT,
  disabled_severe BIGINT,
  elders BIGINT,
  elders_80 BIGINT,
  elder_alone BIGINT CHECK (elder_alone IN (0, 1)),
  children_under_16 BIGINT,
  children_alone BIGINT CHECK (children_alone IN (0, 1)),
  left_behind BIGINT,
  school_age BIGINT,
  school_age_out BIGINT,
  students BIGINT,
  students_senior BIGINT,
  dibao_persons BIGINT,
  tekun_persons BIGINT,
  insurance_ok BIGINT CHECK (insurance_ok IN (0, 1)),
  schooling_ok BIGINT CHECK (schooling_ok IN (0, 1)),
  housing_ok BIGINT CHECK (housing_ok IN (0, 1)),
  income_12m BIGINT,
  income_prev_12m BIGINT,
  income_pc BIGINT,
  income_pc_prev BIGINT,
  wage_12m BIGINT,
  wage_prev_12m BIGINT,
  business_net_12m BIGINT,
  business_cost_12m BIGINT,
  property_12m BIGINT,
  transfer_12m BIGINT,
  relief_income_12m BIGINT,
  income_reference_12m BIGINT,
  income_reference_pc BIGINT,
  income_last_on TEXT CHECK (length(income_last_on) = 10),
  deaths_12m BIGINT,
  head_died BIGINT CHECK (head_died IN (0, 1)),
  labour_died BIGINT,
  moved_out_12m BIGINT,
  house_cd TEXT,
  water_outage_days BIGINT,
  dropout_suspects BIGINT,
  sick_leave_pupils BIGINT,
  oop_12m BIGINT,
  oop_max_stay BIGINT,
  hospital_stays BIGINT,
  hospital_total_12m BIGINT,
  edu_cost BIGINT,
  students_paying BIGINT,
  dibao_new_12m BIGINT,
  dibao_stopped_12m BIGINT,
  tekun_new_12m BIGINT,
  temp_relief_12m BIGINT,
  disabled_new_12m BIGINT,
  disabled_severe_new_12m BIGINT,
  jobless_count BIGINT,
  jobless_days BIGINT,
  unpaid_wages BIGINT,
  disaster_loss BIGINT,
  disaster_count BIGINT,
  loan_balance BIGINT,
  loan_overdue BIGINT,
  loan_overdue_days BIGINT,
  vehicles BIGINT,
  vehicle_max_value BIGINT,
  complaints_12m BIGINT,
  complaints_hardship BIGINT,
  complaints_water BIGINT,
  complaints_housing BIGINT,
  heads BIGINT,
  spouses BIGINT,
  couple_same_sex BIGINT CHECK (couple_same_sex IN (0, 1)),
  both_insured BIGINT,
  insured_without_major BIGINT,
  ids_wrong BIGINT,
  ids_twice BIGINT,
  ids_missing BIGINT,
  births_differ BIGINT,
  sexes_differ BIGINT,
  phones_wrong BIGINT,
  educated_pupils BIGINT,
  working_pupils BIGINT,
  work_without_place BIGINT,
  unable_workers BIGINT,
  able_as_unable BIGINT,
  size_differs BIGINT CHECK (size_differs IN (0, 1)),
  nobody_able BIGINT CHECK (nobody_able IN (0, 1)),
  own_lists TEXT
);

CREATE INDEX household_facts_whole_next_changes_on ON household_facts_whole_next (changes_on);

CREATE INDEX household_facts_whole_next_village_code ON household_facts_whole_next (village_code);

CREATE TABLE household_places (
    household_id text not null,
    village_code text not null,
    group_name   text,
    address      text,
    valid_from   text not null,
    valid_to     text not null,
    recorded_at  text not null,
    primary key (household_id, valid_to)
) without rowid;

CREATE TABLE households (
    id           text primary key,
    number       text not null unique,          -- 户编号
    -- null while the register batch named in arriving_in is not accepted: a household that stands in no village is seen
    -- by no query by area or scope, so that nobody ever sees half an import
    village_code text,
    group_name   text,
    head_id      text,
    address      text,
    phone_sealed text,
    phone_tail   text,                          -- last four digits
    opened_on    text,                          -- null: before the register began
    closed_on    text,
    created_at   text not null,
    batch_id     text,
    arriving_in  text                           -- the village that it will stand in
, merged_into text, closed_at text);

CREATE INDEX households_merged on households (merged_into) where merged_into is not null;

CREATE INDEX households_phone on households (phone_tail);

CREATE INDEX households_village on households (village_code, number);

CREATE TABLE households_before (
    batch_id     text not null,
    household_id text not null,
    village_code text,
    head_id      text,
    closed_on    text,
    moved_on     text,                          -- the day from which the register has it elsewhere
    primary key (batch_id, household_id)
) without rowid;

CREATE TABLE incomes (
    household_id text not null,
    to_day       text not null,
    line         text not null,
    batch_id     text not null,
    row_no       bigint not null,
    from_day     text not null,
    amount_fen   bigint not null,
    source       text not null,
    primary key (household_id, to_day, line, batch_id, row_no)
) without rowid;

CREATE TABLE journal (
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

CREATE INDEX journal_about on journal (about_kind, about_id);

CREATE TABLE journal_head (
  id bigint primary key check (id = 1),
  number bigint not null,
  mac text not null
);

CREATE TABLE lead_answers (
  id          text primary key,
  lead_id     text not null,
  kind        text not null check (kind in ('answer', 'agree', 'disagree')),
  outcome     text,
  reason_code text,
  reason      text,
  account_id  text not null,
  name        text not null,
  at          text not null,
  together    bigint not null                -- how many leads were answered at once
);

CREATE INDEX lead_answers_lead on lead_answers (lead_id, at);

CREATE TABLE lead_counts (
  village_code text not null,
  state        text not null,
  level        text not null,
  severity     text not null,
  department   text not null,
  outcome      text not null,                -- '' without one
  due_on       text not null,                -- of open leads, otherwise ''
  released_on  text not null,                -- of open leads, otherwise ''
  leads        bigint not null,
  primary key (village_code, state, level, severity, department, outcome, due_on, released_on)
) without rowid;

CREATE INDEX lead_counts_state on lead_counts (state, village_code, leads);

CREATE TABLE lead_papers (
  lead_id text not null,
  at text not null,
  sheet text not null,
  answered_by text not null,                -- the name on the paper
  answered_on text not null,                -- the day on the paper
  typed_by text not null,
  typed_name text not null,
  primary key (lead_id, at)
) without rowid;

CREATE TABLE lead_reasons (
  lead_id      text not null,
  rule_id      text not null,
  severity     text not null check (severity in ('severe', 'serious', 'notice')),
  department   text not null,
  pack_id      text not null,
  pack_version bigint not null,
  certainty    text not null check (certainty in ('sure')),
  settled      bigint not null default 0,    -- 1: it stood when the lead was answered, so the answer covers it
  sentence_zh  text not null,
  sentence_en  text not null,
  evidence     text not null,                -- JSON: column -> value as it read on the day
  worse        double precision,             -- value of the column that can make it worse, in its own unit
  hit_on       text not null,
  gone_on      text, lead_state text not null default '', lead_day text not null default '',
  primary key (lead_id, rule_id)
) without rowid;

CREATE INDEX lead_reasons_rule on lead_reasons (rule_id, lead_state, lead_day, lead_id, gone_on) where gone_on is null;

CREATE TABLE leads (
  id           text primary key,
  level        text not null check (level in ('household', 'village')),
  subject      text not null,                -- the household's id, or village code / department
  household_id text,
  village_code text not null,
  department   text not null,                -- of the most severe reason
  channel      text not null,
  severity     text not null check (severity in ('severe', 'serious', 'notice')),
  state        text not null check (state in ('waiting', 'open', 'answered', 'withdrawn', 'second_look')),
  opened_on    text not null,
  released_on  text,
  due_on       text,
  clock_days   bigint not null,
  clock_kind   text not null check (clock_kind in ('working', 'calendar')),
  sort_day     text not null,                -- due while open, otherwise the day it came into its state
  outcome      text check (outcome in ('risk_confirmed', 'already_covered', 'helped_ordinary', 'no_risk', 'not_found', 'wrong_data')),
  reason_code  text,
  reason       text,
  answered_by  text,
  answered_name text,
  answered_at  text,
  answered_on  text,
  raised_from  text,                         -- the answered lead that this one raises again
  version      bigint not null,              -- goes up with every change, so that two people cannot overwrite each other
  run_id       text,
  pack_id      text not null,
  pack_version bigint not null
);

CREATE UNIQUE INDEX leads_live on leads (subject) where state in ('waiting', 'open');

CREATE INDEX leads_released on leads (released_on) where released_on is not null;

CREATE INDEX leads_state on leads (state, sort_day, id, village_code);

CREATE INDEX leads_subject on leads (subject);

CREATE INDEX leads_village on leads (village_code, state, sort_day, id);

CREATE TABLE mappings (
  signature text primary key,               -- digest of template and headings
  template text not null,
  mapping text not null,                    -- JSON: column -> field or null
  decided_by text not null,
  decided_at text not null
);

CREATE TABLE match_queue (
  batch_id text not null,
  row_no bigint not null,
  list_id text not null,
  village_code text,                        -- smallest area that holds all candidates; null: nobody to go by
  reason text not null,                     -- why it is asked; kept after the decision
  evidence text not null,                   -- sealed JSON
  statement text not null,                  -- sealed JSON: what is recorded once it is known about whom
  evidence_digest text not null,            -- the same evidence in a later file is decided at once
  candidates text not null,                 -- JSON: [{household, person, reasons}]
  state text not null check (state in ('open','decided','withdrawn')),
  decision text check (decision in ('person','household','not_here','rejected')),
  person_id text,
  household_id text,
  decided_by text,
  decided_at text,
  primary key (batch_id, row_no)
) without rowid;

CREATE INDEX match_queue_decided on match_queue (decided_by, decided_at) where state = 'decided';

CREATE INDEX match_queue_evidence on match_queue (evidence_digest);

CREATE INDEX match_queue_open on match_queue (state, list_id, village_code);

CREATE TABLE "memberships" (
    household_id  text not null,
    person_id     text not null,
    valid_from    text not null,
    valid_to      text,
    kin           text not null,                -- code of the list kin: head, spouse, son …
    how_in        text not null check (how_in = 'register' or how_in = 'birth' or how_in = 'marriage' or how_in = 'return'
                                       or how_in = 'split' or how_in = 'merge' or how_in = 'head' or how_in = 'correction'),
    how_out       text check (how_out = 'register' or how_out = 'death' or how_out = 'left' or how_out = 'split'
                              or how_out = 'merge' or how_out = 'head' or how_out = 'correction'),
    hukou         bigint not null,
    shares_budget bigint not null,
    resident      bigint not null,
    recorded_at   text not null,
    ended_at      text,                         -- when valid_to became known
    batch_id      text,
    ended_by      text,                         -- the batch that ended it, so that the batch can be reverted
    primary key (household_id, person_id, valid_from)
) without rowid;

CREATE INDEX memberships_person on memberships (person_id);

CREATE TABLE memberships_before (
    batch_id     text not null,
    household_id text not null,
    person_id    text not null,
    valid_from   text not null,
    valid_to     text,
    kin          text not null,
    how_out      text,
    ended_at     text,
    ended_by     text,
    primary key (batch_id, household_id, person_id, valid_from)
) without rowid;

CREATE TABLE merge_changes (
    merge_id text not null,
    seq      bigint not null,
    what     text not null check (what in ('stay', 'status', 'person', 'household')),
    row_key  text not null,
    origin   text,                              -- the key of the row whose place a new one takes
    before   text,                              -- JSON; null: there was no such row
    after    text not null,                     -- JSON
    at       text not null,
    undoes   bigint not null default 0,         -- 1: written by the undoing
    primary key (merge_id, seq)
) without rowid;

CREATE INDEX merge_changes_at on merge_changes (at);

CREATE INDEX merge_changes_row on merge_changes (what, row_key, at);

CREATE TABLE merge_pairs (
    merge_id  text not null,
    kind      text not null check (kind in ('person', 'household')),
    goes_id   text not null,
    stays_id  text not null,
    at        text not null,
    undone_at text,
    primary key (merge_id, kind, goes_id)
) without rowid;

CREATE INDEX merge_pairs_goes on merge_pairs (goes_id);

CREATE TABLE merges (
    id            text primary key,
    kind          text not null check (kind in ('person', 'household')),
    state         text not null check (state in ('proposed', 'refused', 'carried', 'undone')),
    goes_id       text not null,                -- the record that goes into the other
    stays_id      text not null,
    goes_home     text not null,                -- the household of the one that goes, when it was written down
    stays_home    text not null,
    village_code  text not null,                -- where the one that stays lives
    body          text not null,                -- JSON: what was chosen
    said_by       text not null,                -- who proposed it or merged at once
    said_at       text not null,
    decided_by    text,
    decided_at    text,
    reason        text,                         -- why, or why it was refused
    undone_by     text,
    undone_at     text,
    undo_reason   text
);

CREATE INDEX merges_goes on merges (goes_id);

CREATE INDEX merges_state on merges (state, said_at);

CREATE INDEX merges_stays on merges (stays_id);

CREATE TABLE migrations (number bigint primary key, name text not null);

CREATE TABLE pack_versions (
  pack_id text not null,
  version bigint not null check (version >= 0),
  valid_from text not null,
  valid_to text,
  hash text not null,                       -- SHA-256 over paths and texts
  files text not null,                      -- JSON: path in the pack -> text
  published_at text not null,
  published_by text not null,
  primary key (pack_id, version)
) without rowid;

CREATE TABLE person_facts (
  person_id TEXT NOT NULL PRIMARY KEY,
  household_id TEXT NOT NULL,
  village_code TEXT NOT NULL,
  changes_on TEXT,
  age BIGINT,
  sex TEXT,
  head BIGINT CHECK (head IN (0, 1)),
  labour TEXT,
  able BIGINT CHECK (able IN (0, 1)),
  chronic BIGINT CHECK (chronic IN (0, 1)),
  severe_ill BIGINT CHECK (severe_ill IN (0, 1)),
  disability_level BIGINT,
  insured BIGINT CHECK (insured IN (0, 1)),
  major_insured BIGINT CHECK (major_insured IN (0, 1)),
  pensioned BIGINT CHECK (pensioned IN (0, 1)),
  school_state TEXT,
  in_school BIGINT CHECK (in_school IN (0, 1)),
  works_away BIGINT CHECK (works_away IN (0, 1)),
  work_months BIGINT,
  dibao BIGINT CHECK (dibao IN (0, 1)),
  tekun BIGINT CHECK (tekun IN (0, 1)),
  family_doctor BIGINT CHECK (family_doctor IN (0, 1)),
  oop_12m BIGINT,
  hospital_stays BIGINT,
  own_lists TEXT
);

CREATE INDEX person_facts_changes_on ON person_facts (changes_on);

CREATE INDEX person_facts_household_id ON person_facts (household_id);

CREATE INDEX person_facts_village_code ON person_facts (village_code);

CREATE TABLE person_facts_next(
  preparation TEXT,
  person_id TEXT,
  household_id TEXT,
  village_code TEXT,
  changes_on TEXT,
  age INT,
  sex TEXT,
  head INT,
  labour TEXT,
  able INT,
  chronic INT,
  severe_ill INT,
  disability_level INT,
  insured INT,
  major_insured INT,
  pensioned INT,
  school_state TEXT,
  in_school INT,
  works_away INT,
  work_months INT,
  dibao INT,
  tekun INT,
  family_doctor INT,
  oop_12m INT,
  hospital_stays INT,
  own_lists TEXT
);

CREATE TABLE person_facts_whole_next (
  person_id TEXT NOT NULL PRIMARY KEY,
  household_id TEXT NOT NULL,
  village_code TEXT NOT NULL,
  changes_on TEXT,
  age BIGINT,
  sex TEXT,
  head BIGINT CHECK (head IN (0, 1)),
  labour TEXT,
  able BIGINT CHECK (able IN (0, 1)),
  chronic BIGINT CHECK (chronic IN (0, 1)),
  severe_ill BIGINT CHECK (severe_ill IN (0, 1)),
  disability_level BIGINT,
  insured BIGINT CHECK (insured IN (0, 1)),
  major_insured BIGINT CHECK (major_insured IN (0, 1)),
  pensioned BIGINT CHECK (pensioned IN (0, 1)),
  school_state TEXT,
  in_school BIGINT CHECK (in_school IN (0, 1)),
  works_away BIGINT CHECK (works_away IN (0, 1)),
  work_months BIGINT,
  dibao BIGINT CHECK (dibao IN (0, 1)),
  tekun BIGINT CHECK (tekun IN (0, 1)),
  family_doctor BIGINT CHECK (family_doctor IN (0, 1)),
  oop_12m BIGINT,
  hospital_stays BIGINT,
  own_lists TEXT
);

CREATE INDEX person_facts_whole_next_changes_on ON person_facts_whole_next (changes_on);

CREATE INDEX person_facts_whole_next_household_id ON person_facts_whole_next (household_id);

CREATE INDEX person_facts_whole_next_village_code ON person_facts_whole_next (village_code);

CREATE TABLE "persons" (
    id           text primary key,
    number       text not null unique,          -- 人编号
    name         text not null,
    name_key     text not null,                 -- normal form, for comparing
    sex          text check (sex = 'male' or sex = 'female'),
    birth_day    text,
    certificate  text not null check (certificate = 'citizen' or certificate = 'disability' or certificate = 'other'
                                      or certificate = 'none'),
    id_state     text not null check (id_state = 'ok' or id_state = 'wrong_check' or id_state = 'twice'
                                      or id_state = 'missing' or id_state = 'unverified'),
    id_digest    text,                          -- keyed digest of the 18 digits
    id15_digest  text,                          -- of the first 15
    id6_digest   text,                          -- of the last six
    id_sealed    text,
    certificate_tail text,                      -- what follows the 18 digits on a disability certificate
    phone_sealed text,
    phone_digest text,
    phone_tail   text,
    died_on      text,
    batch_id     text
, merged_into text);

CREATE INDEX persons_id on persons (id_digest);

CREATE INDEX persons_id6 on persons (id6_digest);

CREATE INDEX persons_merged on persons (merged_into) where merged_into is not null;

CREATE INDEX persons_phone on persons (phone_tail);

CREATE TABLE persons_before (
    batch_id     text not null,                 -- the register that changed it
    person_id    text not null,
    name         text not null,
    name_key     text not null,
    id_state     text not null,
    id_digest    text,
    id15_digest  text,
    id6_digest   text,
    id_sealed    text,
    phone_sealed text,
    phone_digest text,
    phone_tail   text,
    primary key (batch_id, person_id)
) without rowid;

CREATE TABLE policy_documents (
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
, parent text references policy_documents (id), run_out_months bigint);

CREATE INDEX policy_documents_parent on policy_documents (parent);

CREATE INDEX policy_documents_supersedes on policy_documents (supersedes);

CREATE TABLE policy_drafts (
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

CREATE INDEX policy_drafts_document on policy_drafts (document_id);

CREATE UNIQUE INDEX policy_drafts_version on policy_drafts (version);

CREATE TABLE policy_issues (
  document_id   text not null references policy_documents (id),
  unit_kind     text not null check (unit_kind in ('office', 'town', 'village')),
  unit          text not null,              -- code of the office, or of the area
  issued_on     text not null,
  issued_by     text not null,
  received_at   text,
  received_by   text,
  received_name text,
  primary key (document_id, unit_kind, unit)
) without rowid;

CREATE INDEX policy_issues_unit on policy_issues (unit_kind, unit);

CREATE TABLE policy_milestones (
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

CREATE INDEX policy_milestones_document on policy_milestones (document_id, due_on);

CREATE TABLE proposals (
    id           text primary key,
    kind         text not null check (kind in ('birth', 'marriage_in', 'death', 'leave', 'return', 'split', 'merge', 'move', 'correct')),
    household_id text not null,
    village_code text not null,
    on_day       text not null,
    body         text not null,                 -- JSON: the whole command, without identity numbers in clear
    sealed       text,                          -- identity number and phone of a newcomer
    state        text not null check (state in ('proposed', 'confirmed', 'refused')),
    proposed_by  text not null,
    proposed_at  text not null,
    decided_by   text,
    decided_at   text,
    reason       text
);

CREATE INDEX proposals_household on proposals (household_id);

CREATE INDEX proposals_state on proposals (state, village_code, proposed_at);

CREATE TABLE questions (
  id text primary key,
  department text not null,
  about text not null check (about in ('lead','row')),
  lead_id text,
  batch_id text,
  row_no bigint,
  household_id text,
  village_code text not null,
  question text not null,
  asked_by text not null,
  asked_name text not null,
  asked_at text not null,
  due_on text not null,
  state text not null check (state in ('open','answered')),
  answer text,
  answered_by text,
  answered_name text,
  answered_at text
);

CREATE INDEX questions_asked on questions (asked_by, state, due_on, id);

CREATE INDEX questions_department on questions (department, state, due_on, id);

CREATE INDEX questions_village on questions (village_code, state, due_on, id);

CREATE TABLE reason_counts (
  rule_id      text not null,
  village_code text not null,
  state        text not null,                -- of the lead
  level        text not null,
  department   text not null,
  outcome      text not null,                -- of the lead, '' without one
  holds        bigint not null,              -- 1: it has not gone
  settled      bigint not null,
  reasons      bigint not null,
  primary key (rule_id, village_code, state, level, department, outcome, holds, settled)
) without rowid;

CREATE INDEX reason_counts_village on reason_counts (village_code);

CREATE TABLE "records" (
    batch_id     text not null,
    row_no       bigint not null,
    seq          bigint not null,
    subject      text not null check (subject = 'household' or subject = 'person' or subject = 'village'),
    subject_id   text not null,
    household_id text,
    village_code text not null,
    topic        text not null,
    source       text not null,
    valid_from   text not null,
    valid_to     text,
    recorded_at  text not null,
    withdrawn_at text,
    body         text not null,
    primary key (batch_id, row_no, seq)
) without rowid;

CREATE INDEX records_household on records (household_id, topic);

CREATE INDEX records_village on records (village_code, topic) where household_id is null;

CREATE TABLE register_absences (
    batch_id     text not null,
    household_id text not null,
    person_id    text not null,                 -- empty: the whole household
    village_code text not null,
    state        text not null check (state in ('open', 'stays', 'replaced')),
    noted_at     text not null,
    answered_by  text,
    answered_at  text,
    reason       text,
    replaced_by  text,                          -- the later register that was asked again
    primary key (batch_id, household_id, person_id)
) without rowid;

CREATE INDEX register_absences_open on register_absences (state, village_code);

CREATE TABLE returned_answers (
  subject text primary key,                 -- lead/ID, or row/BATCH/ROW
  department text not null,
  answer text not null check (answer in ('corrected','right','struck')),
  words text,
  account_id text not null,
  name text not null,
  at text not null
);

CREATE INDEX returned_answers_department on returned_answers (department, at);

CREATE TABLE rule_results (
  run_id  text not null,
  rule_id text not null,
  hits    bigint not null,
  unknown bigint not null,
  problem text,                              -- JSON: code and arguments of a finding
  primary key (run_id, rule_id)
) without rowid;

CREATE TABLE rule_runs (
  id           text primary key,
  kind         text not null check (kind in ('baseline', 'full', 'stale')),
  at           text not null,
  as_of        text not null,
  account_id   text not null,
  pack_id      text not null,
  pack_version bigint not null,
  book         text not null,                -- digest of rules, parameters, coverage and, where a rule reads it, the day
  villages     bigint not null,
  hits         bigint not null,
  opened       bigint not null,
  joined       bigint not null,
  withdrawn    bigint not null,
  millis       bigint not null
);

CREATE INDEX rule_runs_at on rule_runs (at);

CREATE TABLE scopes (
  account_id text not null,
  kind text not null check (kind in ('area','household','list')),
  low text not null,
  high text not null,
  target text not null,
  from_day text not null,
  to_day text
);

CREATE INDEX scopes_account on scopes (account_id);

CREATE TABLE screened_books (
  book  text primary key,                    -- as in screened_villages
  day   text not null,
  rules text not null                        -- JSON: rule -> fingerprint; {} where nothing is known
) without rowid;

CREATE TABLE screened_villages (
  village_code text primary key,
  stamp        bigint not null,
  book         text not null
);

CREATE TABLE "search_keys" (
    key          text not null,
    kind         text not null check (kind = 'name' or kind = 'pinyin' or kind = 'initials'),
    household_id text not null,
    person_id    text not null,
    village_code text not null,
    primary key (key, person_id, kind)
) without rowid;

CREATE TABLE sessions (
  token_digest text primary key,
  account_id text not null,
  started_at text not null,
  seen_at text not null,
  ended_at text
);

CREATE INDEX sessions_account on sessions (account_id);

CREATE TABLE sign_in_failures (
  login text not null,
  at text not null
);

CREATE INDEX sign_in_failures_login on sign_in_failures (login, at);

CREATE TABLE statuses (
    household_id text not null,
    seq          bigint not null,
    person_id    text,
    scheme       text not null,
    value        text not null,
    valid_from   text not null,
    valid_to     text,
    source       text not null,
    detail       text,                          -- JSON: causes, exit year, how removed
    recorded_at  text not null,
    ended_at     text,
    batch_id     text not null,
    row_no       bigint not null,
    ended_by     text,
    primary key (household_id, seq)
) without rowid;

CREATE TABLE views (
  id text primary key,
  account_id text not null,
  name text not null,
  path text not null,
  query text not null,
  kept_at text not null
);

CREATE UNIQUE INDEX views_name on views (account_id, path, name);

CREATE TABLE village_classes (
  village_code text not null,
  year         bigint not null,
  number       bigint not null,              -- 1 for the first time, counted up; the last counts
  at           text not null,
  class        text check (class in ('shell', 'weak', 'over')),
  document     text not null,
  account_id   text not null,
  name         text not null,
  primary key (village_code, year, number)
) without rowid;

CREATE TABLE village_facts (
  village_code TEXT NOT NULL PRIMARY KEY,
  changes_on TEXT,
  water_outage_days BIGINT,
  water_outages_12m BIGINT,
  water_out_now BIGINT CHECK (water_out_now IN (0, 1)),
  households BIGINT,
  persons BIGINT,
  monitored_households BIGINT,
  disaster_households_12m BIGINT,
  disaster_loss_12m BIGINT,
  water_unsafe_households BIGINT,
  dangerous_houses BIGINT,
  complaints_12m BIGINT,
  complaints_water_12m BIGINT,
  jobless_12m BIGINT,
  loans_overdue BIGINT,
  own_lists TEXT
);

CREATE INDEX village_facts_changes_on ON village_facts (changes_on);

CREATE TABLE village_facts_next(
  preparation TEXT,
  village_code TEXT,
  changes_on TEXT,
  water_outage_days INT,
  water_outages_12m INT,
  water_out_now INT,
  households INT,
  persons INT,
  monitored_households INT,
  disaster_households_12m INT,
  disaster_loss_12m INT,
  water_unsafe_households INT,
  dangerous_houses INT,
  complaints_12m INT,
  complaints_water_12m INT,
  jobless_12m INT,
  loans_overdue INT,
  own_lists TEXT
);

CREATE TABLE village_incomes (
  village_code text not null,
  year         bigint not null,
  number       bigint not null,              -- 1 for the first time, counted up; the last counts
  at           text not null,
  amount_fen   bigint not null,
  document     text not null,                -- may be empty
  account_id   text not null,
  name         text not null,
  primary key (village_code, year, number)
) without rowid;

CREATE TABLE village_kinds (
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
) without rowid;

CREATE TABLE village_stamps (
  village_code text primary key,
  stamp bigint not null
);

CREATE TABLE wave_counts (
  village_code text not null,
  released_on  text not null,
  leads        bigint not null,
  primary key (village_code, released_on)
) without rowid;

CREATE INDEX wave_counts_day on wave_counts (released_on);
