-- Objections to a case from the public page: each is answered by a person. What was said is sealed.
create table case_objections (
    case_id        text not null,
    seq            bigint not null,
    letter_id      text not null unique,        -- the declaration that it is
    said_on        text not null,
    sealed         text not null,
    state          text not null,               -- the state in which it reached the case
    recorded_at    text not null,
    answer         text,
    answered_on    text,
    answered_by    text,
    answered_name  text,
    primary key (case_id, seq)
) /*clustered*/;
create index case_objections_open on case_objections (case_id) where answered_on is null;

create table case_objections_kept as select cast('' as text) as until, t.* from case_objections t where 1 = 0;
create unique index case_objections_kept_key on case_objections_kept (case_id, seq, until);
create index case_objections_kept_until on case_objections_kept (until);
