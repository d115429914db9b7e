-- The recipes that a person keeps under names.
create table recipes (
    owner      uuid not null,
    name       text not null,
    steps      json not null,
    updated_at timestamptz not null default now(),
    primary key (owner, name)
);
