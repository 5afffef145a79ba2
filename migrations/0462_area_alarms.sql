-- Alarms over areas: raised on a day, standing until they no longer hold; what the county says to each.
create table area_alarms (
  id           text primary key,
  alarm_id     text not null,                -- of the pack
  area_code    text not null,                -- village, township or county
  title_zh     text not null,
  title_en     text not null,
  severity     text not null check (severity in ('severe', 'serious', 'notice')),
  department   text not null,
  from_day     text not null,
  to_day       text,                         -- first day on which it no longer held
  due_on       text not null,
  sentence_zh  text not null,
  sentence_en  text not null,
  evidence     text not null,                -- JSON: column -> value as it read when it last changed
  pack_id      text not null,
  pack_version bigint not null,
  words        text,
  document     text,
  said_by      text,
  said_name    text,
  said_at      text
);
create unique index area_alarms_live on area_alarms (alarm_id, area_code) where to_day is null;
create index area_alarms_area on area_alarms (area_code, to_day);
