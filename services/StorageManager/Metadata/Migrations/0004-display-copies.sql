-- A copy of an original that browsers do not show (HEIC, TIFF), in a format that they do.
alter table pictures
    add column display_type text, add column display_bytes bigint, add column display_hash bytea,
    add column display_width integer, add column display_height integer,
    add constraint pictures_display check (num_nulls(display_type, display_bytes, display_hash, display_width, display_height) in (0, 5));
