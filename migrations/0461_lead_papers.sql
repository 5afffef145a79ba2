-- Answers that came on paper: who answered, on which sheet, and who typed them in.
create table lead_papers (
  lead_id text not null,
  at text not null,
  sheet text not null,
  answered_by text not null,                -- the name on the paper
  answered_on text not null,                -- the day on the paper
  typed_by text not null,
  typed_name text not null,
  primary key (lead_id, at)
) /*clustered*/;
