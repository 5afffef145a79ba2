-- Households that registers had as monitored before the program kept cases: taken over once, in pieces. One row for each time
-- that any were found; a row without an end is being worked on, or waits for the next start.
create table case_take_overs (
    begun_at text primary key,
    waiting  bigint not null,                  -- households that had no case then
    taken    bigint not null,                  -- of these, taken over so far
    ended_at text
) /*clustered*/;
