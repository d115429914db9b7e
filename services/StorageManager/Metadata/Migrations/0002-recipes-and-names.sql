-- What a picture is called, and the recipe that made it: a JSON array of steps. Without one, converter and parameters are its only step, as
-- in all rows of the release before. With one, they are its first.
alter table pictures add column name text, add column recipe json;

-- The converters of a recipe's other steps, each once, so that a page of a converter has them too.
create table later_steps (
    picture_id uuid not null references pictures on delete cascade,
    owner      uuid not null,
    converter  text not null,
    created_at timestamptz not null,                      -- the picture's
    primary key (picture_id, converter)
);

create index later_steps_page on later_steps (owner, converter, created_at, picture_id);
