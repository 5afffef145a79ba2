-- On what the rules of a book rested on the day it was asked, so that after a publication only those are asked again of which
-- something changed.

create table screened_books (
  book  text primary key,                    -- as in screened_villages
  day   text not null,
  rules text not null                        -- JSON: rule -> fingerprint; {} where nothing is known
) /*clustered*/;
