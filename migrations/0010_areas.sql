-- The statistical code list of provinces, cities, counties, towns and villages, with what changes about it over time.

create table areas (
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
create index areas_parent on areas (parent_code, code);

-- Every name an area has or had; a list from a department may use any of them.
create table area_names (
    code     text not null,
    name     text not null,
    kind     text not null check (kind in ('official', 'short', 'former')),
    valid_to text,                              -- first day on which it was no longer the name
    primary key (name, code, kind)
) /*clustered*/;
create index area_names_code on area_names (code);

-- A merged or recoded area lives on in another.
create table area_successors (
    old_code text not null,
    new_code text not null,
    on_day   text not null,
    primary key (old_code, new_code)
) /*clustered*/;

-- 脱贫村, 百人以上搬迁安置村 …: one class at a time.
create table area_classes (
    code       text not null,
    class      text not null,
    valid_from text not null,
    valid_to   text,
    primary key (code, valid_from)
) /*clustered*/;

-- 村民小组: the county's own, below the statistical code.
create table area_groups (
    village_code text not null,
    number       bigint not null,
    name         text not null,
    primary key (village_code, number)
) /*clustered*/;
