-- Sums over one state: the counts of the others are not gone through.

create index lead_counts_state on lead_counts (state, village_code, leads);
