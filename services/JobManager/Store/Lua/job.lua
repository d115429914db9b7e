-- Precedes every script on one job. Where its keys are was peeked at before, so it is checked again here.
local JOB, INPUT, RESULT, PREVIEW, SAVES = KEYS[5], KEYS[6], KEYS[7], KEYS[8], KEYS[9]
local id, now = ARGV[1], read_clock()
local job = read(JOB)
local moved = job and (job.converter ~= ARGV[2] or (job.input or '') ~= ARGV[3] or (job.result or '') ~= ARGV[4] or (job.preview or '') ~= ARGV[5])

-- When the sweep must look at the job as it is. What waits and is in no index is for the sweep to put there, even if its pause is over by now.
local function next_sweep()
    local times = {}
    if job.state == 'running' then
        times[1] = job.lease
    elseif job.state == 'queued' then
        times[1] = job.since + MAX_QUEUE_TIME - job.waited
        if not redis.call('ZSCORE', QUEUE, id) then
            times[2] = job.notBefore
        end
    elseif job.state ~= 'expired' then
        times[1] = job.expires
    end
    if job.save == 'running' then
        times[#times + 1] = job.saveLease
    elseif job.save == 'waiting' then
        times[#times + 1] = redis.call('ZSCORE', SAVES, id) and job.saveSince + MAX_SAVE_TIME or job.saveNotBefore
    end
    return #times > 0 and math.min(unpack(times)) or now
end

-- Takes away what the job's state does not need. Repeats are harmless; the fields go last.
local function cleanup()
    local ended = job.state ~= 'queued' and job.state ~= 'running'
    local saving = is_saving(job)
    local cleared = {}
    if ended and (job.input or '') ~= '' then
        if not saving then
            write('DEL', INPUT)
            cleared.input = ''
        end
        account(job.input, 0)
    end
    if job.state ~= 'done' and (job.result or '') ~= '' then
        if not saving then
            write('DEL', RESULT)
            cleared.result = ''
        end
        account(job.result, 0)
    end
    if job.state ~= 'running' then
        account(id .. ':room', 0)
        if (job.preview or '') ~= '' then
            write('DEL', PREVIEW)
            cleared.preview = ''
        end
    end
    if job.state ~= 'queued' or job.notBefore > now then
        write('ZREM', QUEUE, id)
    end
    if (job.owner or '') ~= '' then
        account(id .. ':save', save_size(job))
        account(id .. ':hold', save_reservation(job))
        if job.save ~= 'waiting' or job.saveNotBefore > now then
            write('ZREM', SAVES, id)
        end
    end
    if next(cleared) then
        set(JOB, job, cleared)
    end
    write('ZADD', DUE, format_int(next_sweep()), id)
end

-- An attempt may write while nobody else has taken the job, even when its lease ran out.
local function refusal(attempt)
    if not job or job.state == 'dropped' or job.state == 'expired' then
        return 'not-found'
    end
    if job.state == 'cancelled' then
        return 'cancelled'
    end
    if job.holder ~= attempt or (job.state ~= 'running' and job.state ~= 'queued') then
        return 'stale'
    end
    return nil
end

-- The same for an attempt at saving, which outlives what clients see of the job.
local function save_refusal(attempt)
    if not job then
        return 'not-found'
    end
    return (job.saveHolder ~= attempt or not is_saving(job)) and 'stale' or nil
end

local function finish(state, fields)
    fields.state = state
    fields.holder = 0
    fields.ended = now
    fields.expires = now + RESULT_RETENTION
    schedule_sweep(id, now + RESULT_RETENTION)
    set(JOB, job, fields)
    cleanup()
end

-- Back into the queue, at its original place; a pause keeps it out until the sweep puts it in.
local function requeue(pause, fields)
    fields.state = 'queued'
    fields.since = now
    fields.notBefore = now + pause
    fields.progress = ''
    if pause == 0 then
        write('ZADD', QUEUE, format_int(job.created), id)
    else
        schedule_sweep(id, now + pause)
    end
    set(JOB, job, fields)
    cleanup()
end

-- The same for its save.
local function requeue_save(pause, fields)
    fields.save = 'waiting'
    fields.saveNotBefore = now + pause
    if pause == 0 then
        write('ZADD', SAVES, format_int(job.saveSince), id)
    else
        schedule_sweep(id, now + pause)
    end
    set(JOB, job, fields)
    cleanup()
end
