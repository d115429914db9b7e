-- A picture: what a job made, for its owner. Its id is that of the upload that brought it, and part of its images' keys.
-- A deleted picture's row is its tombstone: it stays for two days, so that a late save of its job brings nothing back.
create table pictures (
    id               uuid primary key,
    owner            uuid not null,
    job_id           text not null,
    created_at       timestamptz not null,               -- of the job
    saved_at         timestamptz not null default now(),
    deleted_at       timestamptz,
    purged           boolean not null default false,      -- beyond restoring
    converter        text not null,
    parameters       json not null,
    original_type    text not null,
    original_bytes   bigint not null,
    original_hash    bytea not null,                      -- SHA-256
    original_width   integer not null,
    original_height  integer not null,
    converted_type   text not null,
    converted_bytes  bigint not null,
    converted_hash   bytea not null,
    converted_width  integer not null,
    converted_height integer not null,
    thumbnail_type   text,
    thumbnail_bytes  bigint,
    thumbnail_hash   bytea,
    thumbnail_width  integer,
    thumbnail_height integer,
    constraint pictures_job unique (owner, job_id),
    constraint pictures_thumbnail check (num_nulls(thumbnail_type, thumbnail_bytes, thumbnail_hash, thumbnail_width, thumbnail_height) in (0, 5)),
    constraint pictures_purged check (deleted_at is not null or not purged)
);

-- A page, newest first, is a backward scan of one of these from its cursor on.
create index pictures_page on pictures (owner, created_at, id) where deleted_at is null;
create index pictures_converter_page on pictures (owner, converter, created_at, id) where deleted_at is null;

-- For the sweeper.
create index pictures_deleted on pictures (purged, deleted_at) where deleted_at is not null;

-- Images that no picture names, or not yet: registered before their first byte is written, so that nothing ever has to be searched for.
create table uploads (
    id      uuid primary key,
    owner   uuid not null,
    job_id  text not null,
    state   text not null check (state in ('writing', 'fenced', 'discarded')),
    due_at  timestamptz not null                          -- when the sweeper comes for it
);

create index uploads_due on uploads (due_at);

-- Tombstones of whole galleries and accounts; two days, too.
create table owners (
    owner      uuid primary key,
    cleared_at timestamptz,                               -- all pictures were deleted: covers jobs created until then
    gone_at    timestamptz                                -- the account was deleted: covers every job
);
