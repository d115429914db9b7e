-- Precedes every script. Settings (LEASE, RESULT_RETENTION, ...) precede this as constants.
--
-- Times are milliseconds. Dates (created), which people see and the gallery compares, are those of the store's own clock. All else, from
-- leases to places in queues, is time of the system: it passes only while the system runs (tick.lua).
--
-- A store that is killed may keep only a prefix of a script's writes. So a script
--   1. first adds to the indexes (due, sizes, queue, saves): whoever reads an index checks the job again;
--   2. then changes the job by one HSET, which makes it all count;
--   3. then only removes what the new state no longer needs, in cleanup(), which the sweep repeats for the job.
-- An entry in due may be too early, never too late: it moves earlier in step 1 and later in step 3.
local write = redis.call
local unpack = unpack or table.unpack
local CLOCK, DUE, SIZES, USAGE, QUEUE = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]

-- Two kinds of work are leased: a job and its save. The fields of both leases are side by side in the job's hash.
-- place is the score that gives the work its place in its queue: of a job its turn (create.lua), of a save the job's end.
local JOB_LEASE = {
    state = 'state', waiting = 'queued', attempt = 'attempt', holder = 'holder', lease = 'lease', token = 'token', not_before = 'notBefore',
    place = 'place', last_attempt = 'closed', last_report = 'closedBy',
}
local SAVE_LEASE = {
    state = 'save', waiting = 'waiting', attempt = 'saveAttempt', holder = 'saveHolder', lease = 'saveLease', token = 'saveToken',
    not_before = 'saveNotBefore', place = 'saveSince', last_attempt = 'saveClosed', last_report = 'saveClosedBy',
}
local LEASES = { job = JOB_LEASE, save = SAVE_LEASE }

local function format_int(number)
    return string.format('%.0f', number)
end

-- A place in a queue: turns have a fraction.
local function format_place(number)
    return string.format('%.17g', number)
end

-- The store's own clock, which may jump.
local function read_wall_clock()
    local time = redis.call('TIME')
    return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Time of the system: what the ticks have added up, and what has passed since the last one. However far the store's clock jumped, and
-- however long store or job managers were away, that is never more than MAX_TICK, nor less than nothing. Before the first tick it is the
-- store's clock, so that times which an earlier release stored go on.
local function read_clock()
    local wall = read_wall_clock()
    local ticked = redis.call('HMGET', CLOCK, 'time', 'wall')
    if not ticked[1] then
        return wall, wall
    end
    local passed = wall - tonumber(ticked[2])
    return tonumber(ticked[1]) + math.max(0, math.min(passed, MAX_TICK)), wall, passed
end

local function read(key)
    local flat = redis.call('HGETALL', key)
    if #flat == 0 then
        return nil
    end
    local job = {}
    for i = 1, #flat, 2 do
        job[flat[i]] = flat[i + 1]
    end
    for _, name in ipairs({ 'attempt', 'holder', 'closed', 'created', 'place', 'since', 'waited', 'notBefore', 'lease', 'errors', 'broken',
        'expiries', 'ended', 'expires', 'length', 'yield', 'resultLength', 'previews', 'saveAttempt', 'saveHolder', 'saveClosed',
        'saveSince', 'saveNotBefore', 'saveLease', 'saveTries', 'saveLapses' }) do
        job[name] = tonumber(job[name]) or 0
    end
    if job.place == 0 then
        -- An earlier release created it: its place is its date, before all turns.
        job.place = job.created
    end
    return job
end

-- Appends names and values to a list, as HSET and replies have them.
local function append(list, fields)
    for name, value in pairs(fields) do
        list[#list + 1] = name
        list[#list + 1] = type(value) == 'number' and format_int(value) or value
    end
    return list
end

-- A script's reply: a word for what happened, then names and values.
local function reply(word, fields)
    return append({ word }, fields)
end

-- Sets fields of the job, in the store by one HSET and in the table.
local function set(key, job, fields)
    for name, value in pairs(fields) do
        job[name] = value
    end
    write('HSET', key, unpack(append({}, fields)))
end

local function used(pool)
    return tonumber(redis.call('HGET', USAGE, pool) or 0) or 0
end

local function add_usage(pool, number)
    if write('HINCRBY', USAGE, pool, format_int(number)) == 0 then
        write('HDEL', USAGE, pool)
    end
end

-- Whose input it is: '<id>:in:<party>.<random>'. Nil for any other field, and where no party is known.
local function party_of(field)
    return string.match(field, ':in:(%w+)%.')
end

-- Accounts bytes to a field '<id>:<pool>[:<random>]'; those of inputs to their party, too, which has so many of them.
-- Absolute, so that a repeat changes nothing.
local function account(field, bytes)
    local old = tonumber(redis.call('HGET', SIZES, field) or 0) or 0
    if old == bytes then
        return
    end
    if bytes == 0 then
        write('HDEL', SIZES, field)
    else
        write('HSET', SIZES, field, format_int(bytes))
    end
    local pool = string.match(field, ':(%a+)')
    add_usage(pool, bytes - old)
    if pool == 'room' and (old == 0 or bytes == 0) then
        -- Whoever has room runs.
        add_usage('running', old == 0 and 1 or -1)
    end
    local party = party_of(field)
    if party then
        add_usage('in@' .. party, bytes - old)
        if old == 0 or bytes == 0 then
            add_usage('jobs@' .. party, old == 0 and 1 or -1)
        end
    end
end

-- Makes a blob permanent. False when it is gone.
local function persist(blob)
    return write('PERSIST', blob) == 1 or redis.call('EXISTS', blob) == 1
end

local function is_saving(job)
    return job.save == 'waiting' or job.save == 'running'
end

-- What the job's save holds of the share for saves.
local function save_size(job)
    return is_saving(job) and job.length + job.resultLength or 0
end

-- What the job's result may have at most. An earlier release stored jobs that do not say it.
local function max_result_length(job)
    return job.yield > 0 and job.yield or MAX_RESULT_LENGTH
end

-- What the job needs while it runs: its result, and two previews, of which one replaces the other.
local function result_reservation(job)
    return max_result_length(job) + PREVIEWS_RESERVATION
end

-- What the save of a job may take at most: nothing without an owner.
local function max_save_size(job)
    return (job.owner or '') ~= '' and job.length + result_reservation(job) or 0
end

-- What a running job reserves of the share for saves, so that its save always fits. New jobs are not refused because of it.
local function save_reservation(job)
    return job.state == 'running' and max_save_size(job) or 0
end

-- Whether another running job's result fits, and some more bytes beside it. All wait for room for the largest result, however small their
-- own is: or small ones, for which there is always some, would overtake a large one until its time is over.
local function has_room_for_result(more)
    return used('out') + used('room') + MAX_RESULT_LENGTH + PREVIEWS_RESERVATION + (more or 0) <= RESULT_LIMIT
end

-- How long a job is skipped because its save would not fit: briefly where only reservations of running jobs are in its way, longer
-- where saves wait.
local function skip_delay(job)
    local size = max_save_size(job)
    if size == 0 then
        return 0
    end
    local free = SAVE_LIMIT - size - used('save')
    if used('hold') <= free then
        return 0
    end
    return free >= 0 and SAVE_RESERVATION_DELAY or SAVES_FULL_DELAY
end

-- Reserves what the job needs to run: memory for its result, and for its save.
local function reserve(id, job)
    account(id .. ':room', result_reservation(job))
    account(id .. ':hold', max_save_size(job))
end

-- The sweep is to check the job at this time, or earlier.
local function schedule_sweep(id, time)
    local due = tonumber(redis.call('ZSCORE', DUE, id) or nil)
    if not due or due > time then
        write('ZADD', DUE, format_int(time), id)
    end
end
