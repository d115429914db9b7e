namespace ImageEditor.StorageManager.Metadata;

/// <summary>Every statement that this service runs. All times are the database's.</summary>
internal static class Sql
{
    private const string Columns = """
        id, job_id, created_at, converter, parameters::text,
        original_type, original_bytes, original_hash, original_width, original_height,
        converted_type, converted_bytes, converted_hash, converted_width, converted_height,
        thumbnail_type, thumbnail_bytes, thumbnail_hash, thumbnail_width, thumbnail_height, owner,
        name, recipe::text, display_type, display_bytes, display_hash, display_width, display_height
        """;

    // Reading

    /// <summary>$1 owner, $2 and $3 the cursor, $4 the maximum number of rows.</summary>
    public const string Page = $"""
        select {Columns} from pictures
        where owner = $1 and deleted_at is null and (created_at, id) < ($2, $3)
        order by created_at desc, id desc limit $4
        """;

    /// <summary>The same, and $5 the converter of the first step.</summary>
    public const string PageOfConverter = $"""
        select {Columns} from pictures
        where owner = $1 and converter = $5 and deleted_at is null and (created_at, id) < ($2, $3)
        order by created_at desc, id desc limit $4
        """;

    /// <summary>The same, and $5 the converter of a later step, which is not the first one's.</summary>
    public const string PageOfLaterStep = $"""
        select {Columns} from pictures
        join (
            select picture_id, created_at as step_created_at from later_steps
            where owner = $1 and converter = $5 and (created_at, picture_id) < ($2, $3)) later on picture_id = id
        where deleted_at is null
        order by step_created_at desc, picture_id desc limit $4
        """;

    /// <summary>$1 owner, $2 id.</summary>
    public const string FindPicture = $"select {Columns} from pictures where id = $2 and owner = $1 and deleted_at is null";

    // Saving

    /// <summary>$1 owner, $2 job. Whether the job's picture is deleted (null: there is none), and whether the account is.</summary>
    public const string FindExisting = """
        select (select deleted_at is not null from pictures where owner = $1 and job_id = $2),
               exists (select from owners where owner = $1 and gone_at is not null)
        """;

    /// <summary>$1 id, $2 owner, $3 job, $4 the time until the sweep removes it.</summary>
    public const string BeginUpload = "insert into uploads (id, owner, job_id, state, due_at) values ($1, $2, $3, 'writing', now() + $4)";

    /// <summary>$1 id, $2 the time from now until the sweep removes it.</summary>
    public const string RenewUpload = "update uploads set due_at = now() + $2 where id = $1 and state = 'writing'";

    /// <summary>$1 id. An upload that became a picture has no row any more, so that this can never affect a picture's images.</summary>
    public const string DiscardUpload = "update uploads set state = 'discarded', due_at = now() where id = $1";

    /// <summary>
    /// $1 owner. Excludes saves, clearing and the removal of the account from one another until the end of the transaction.
    /// </summary>
    public const string LockOwner = "select pg_advisory_xact_lock(hashtextextended($1::uuid::text, 0))";

    /// <summary>
    /// $1 id, $2 owner, $3 job, $4 created, $5 converter, $6 parameters, then each image, $22 name, $23 recipe, $24 to $28 the copy
    /// to display. It inserts nothing when the
    /// picture is there, or when a tombstone of its owner covers it.
    /// </summary>
    public const string InsertPicture = """
        insert into pictures (
            id, owner, job_id, created_at, converter, parameters,
            original_type, original_bytes, original_hash, original_width, original_height,
            converted_type, converted_bytes, converted_hash, converted_width, converted_height,
            thumbnail_type, thumbnail_bytes, thumbnail_hash, thumbnail_width, thumbnail_height, name, recipe,
            display_type, display_bytes, display_hash, display_width, display_height)
        select $1, $2, $3, $4, $5, $6::json, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
            $17::text, $18::bigint, $19::bytea, $20::integer, $21::integer, $22::text, $23::json,
            $24::text, $25::bigint, $26::bytea, $27::integer, $28::integer
        where not exists (select from owners where owner = $2 and (gone_at is not null or cleared_at >= $4))
        on conflict (owner, job_id) do nothing
        """;

    /// <summary>$1 id, $2 owner, $3 created, $4 the converters of later steps.</summary>
    public const string InsertLaterSteps =
        "insert into later_steps (picture_id, owner, created_at, converter) select $1, $2, $3, unnest($4)";

    /// <summary>$1 id. It finds no row when the sweep has aborted the upload.</summary>
    public const string EndUpload = "delete from uploads where id = $1 and state = 'writing'";

    // Deleting

    /// <summary>$1 owner, $2 id, $3 how long it can be restored.</summary>
    public const string Delete = """
        update pictures set deleted_at = coalesce(deleted_at, now())
        where id = $2 and owner = $1 and not purged and (deleted_at is null or deleted_at > now() - $3)
        returning job_id
        """;

    /// <summary>$1 owner, $2 id, $3 how long it can be restored.</summary>
    public const string Restore = """
        update pictures set deleted_at = null
        where id = $2 and owner = $1 and not purged and (deleted_at is null or deleted_at > now() - $3)
        returning job_id
        """;

    /// <summary>$1 owner; after <see cref="LockOwner"/>.</summary>
    public const string Clear = """
        with cleared as (
            insert into owners (owner, cleared_at) values ($1, clock_timestamp())
            on conflict (owner) do update set cleared_at = excluded.cleared_at
            returning cleared_at)
        update pictures set deleted_at = cleared.cleared_at from cleared where owner = $1 and deleted_at is null
        """;

    /// <summary>$1 owner; after <see cref="LockOwner"/>.</summary>
    public const string RemoveOwner = """
        with gone as (
            insert into owners (owner, gone_at) values ($1, clock_timestamp())
            on conflict (owner) do update set gone_at = excluded.gone_at),
        forgotten as (
            delete from recipes where owner = $1),
        removed as (
            delete from pictures where owner = $1 returning id, owner, job_id, purged)
        insert into uploads (id, owner, job_id, state, due_at)
        select id, owner, job_id, 'discarded', now() from removed where not purged
        """;

    // Recipes

    /// <summary>$1 owner.</summary>
    public const string Recipes = """
        select name, updated_at, steps::text from recipes where owner = $1 order by name collate "C"
        """;

    /// <summary>$1 owner, $2 name.</summary>
    public const string FindRecipe = "select name, updated_at, steps::text from recipes where owner = $1 and name = $2";

    /// <summary>
    /// $1 owner, $2 name, $3 steps, $4 how many an owner may have; after <see cref="LockOwner"/>. It saves nothing when there are so many
    /// of other names, or the account is gone.
    /// </summary>
    public const string SaveRecipe = """
        insert into recipes (owner, name, steps)
        select $1, $2, $3::json
        where not exists (select from owners where owner = $1 and gone_at is not null)
            and (select count(*) from recipes where owner = $1 and name <> $2) < $4
        on conflict (owner, name) do update set steps = excluded.steps, updated_at = now()
        """;

    /// <summary>$1 owner.</summary>
    public const string IsOwnerGone = "select exists (select from owners where owner = $1 and gone_at is not null)";

    /// <summary>$1 owner, $2 name.</summary>
    public const string DeleteRecipe = "delete from recipes where owner = $1 and name = $2";

    // Sweeping

    /// <summary>
    /// $1 how long pictures can be restored, $2 the maximum number. One step ends that time and makes the images due for removal.
    /// </summary>
    public const string Purge = """
        with purged as (
            update pictures set purged = true
            where id in (
                select id from pictures where not purged and deleted_at < now() - $1
                order by deleted_at limit $2 for update skip locked)
            returning id, owner, job_id)
        insert into uploads (id, owner, job_id, state, due_at)
        select id, owner, job_id, 'discarded', now() from purged
        """;

    /// <summary>
    /// $1 lifetime of an upload, $2 delay until the next try, $3 the maximum number. An upload that is still written is aborted first
    /// (state <c>fenced</c>), and removed once more later.
    /// </summary>
    public const string TakeDueUploads = """
        update uploads set
            state = case state when 'writing' then 'fenced' else 'discarded' end,
            due_at = now() + case state when 'writing' then $1 else $2 end
        where id in (select id from uploads where due_at <= now() order by due_at limit $3 for update skip locked)
        returning id, owner, job_id, state
        """;

    /// <summary>$1 id.</summary>
    public const string ForgetUpload = "delete from uploads where id = $1 and state = 'discarded'";

    /// <summary>Removes what a replica of a release without recipes leaves of an account that it removes.</summary>
    public const string ForgetRecipes =
        "delete from recipes where owner in (select owner from owners where gone_at is not null)";

    /// <summary>$1 how long tombstones are kept.</summary>
    public const string ForgetPictures = "delete from pictures where purged and deleted_at < now() - $1";

    /// <summary>$1 how long tombstones are kept.</summary>
    public const string ForgetOwners = "delete from owners where greatest(cleared_at, gone_at) < now() - $1";

    // Migrating

    /// <summary>Lets one replica at a time migrate.</summary>
    public const string LockMigrations = "select pg_advisory_xact_lock(7201526)";

    /// <summary>
    /// A change of a table waits for everybody who uses it, and whoever comes meanwhile waits behind it. Behind a long transaction, such as
    /// a backup's, it gives up and comes again later, so that replicas that run go on.
    /// </summary>
    public const string LimitLockWait = "set local lock_timeout = '500ms'";

    public const string CreateMigrations =
        "create table if not exists migrations (name text primary key, applied_at timestamptz not null default now())";

    public const string Migrations = "select name from migrations";

    /// <summary>$1 name.</summary>
    public const string RecordMigration = "insert into migrations (name) values ($1)";
}
