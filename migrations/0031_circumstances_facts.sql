-- What the fact tables were last derived with. The tables themselves are made at start from the declared columns.
create table fact_meaning (
    id      bigint primary key check (id = 1),
    meaning text not null                       -- digest of the columns and of the derivation
);
