-- Precedes every script on one job. The names of its keys were read from the job before this script, so they are checked again here.
local JOB, INPUT, RESULT, PREVIEW, SAVES, DELIVERED = KEYS[6], KEYS[7], KEYS[8], KEYS[9], KEYS[10], KEYS[11]
local id, now, wall = ARGV[1], read_clock()
local job = read(JOB)
local moved = job and (job.converter ~= ARGV[2] or (job.input or '') ~= ARGV[3] or (job.result or '') ~= ARGV[4]
    or (job.preview or '') ~= ARGV[5])
JOB_LEASE.queue, SAVE_LEASE.queue = QUEUE, SAVES

-- When the sweep must check the job as it is. The sweep puts work that waits into its queue, even if its delay is over by now.
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

-- Removes what the job's state does not need. Repeats are harmless; the fields go last.
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
    if job.state == 'dropped' or job.state == 'expired' then
        write('ZREM', DELIVERED, id)
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

-- Why an attempt may not write; nil when it may. It may until another attempt claims the work, even after its lease expired.
-- A save outlives what clients see of the job. The report, if given, is the one that is being made: a second time it changes nothing.
local function refusal(kind, attempt, report)
    if report and job and job[kind.last_attempt] == attempt and job[kind.last_report] == report then
        return 'repeated'
    end
    if not job or (kind == JOB_LEASE and (job.state == 'dropped' or job.state == 'expired')) then
        return 'not-found'
    end
    if kind == JOB_LEASE and job.state == 'cancelled' then
        return 'cancelled'
    end
    if attempt == 0 or job[kind.holder] ~= attempt or (job[kind.state] ~= 'running' and job[kind.state] ~= kind.waiting) then
        return 'stale'
    end
    return moved and 'retry' or nil
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

local function enqueue(kind)
    write('ZADD', kind.queue, format_place(job[kind.place]), id)
end

-- Puts work whose delay is over back into its queue.
local function end_delay(kind)
    local over = job[kind.state] == kind.waiting and job[kind.not_before] <= now and not redis.call('ZSCORE', kind.queue, id)
    if over then
        enqueue(kind)
    end
    return over
end

-- Back into its queue, at its original place; a delay keeps it out until the sweep puts it in.
local function requeue(kind, delay, fields)
    fields[kind.state] = kind.waiting
    fields[kind.not_before] = now + delay
    if kind == JOB_LEASE then
        fields.since = now
        fields.progress = ''
    end
    if delay == 0 then
        enqueue(kind)
    else
        schedule_sweep(id, now + delay)
    end
    set(JOB, job, fields)
    cleanup()
end

-- Ends the life of a job that has ended: nobody sees it any more, and what its save needs stays.
local function end_retention()
    local seen = job.state ~= 'expired'
    if seen then
        -- First: what is cut off below must not be brought back by a repeated submission.
        set(JOB, job, { state = 'expired' })
    end
    if is_saving(job) then
        cleanup()
        return seen
    end
    -- The entry in due goes last, since it leads here.
    write('DEL', INPUT)
    write('DEL', RESULT)
    if (job.preview or '') ~= '' then
        write('DEL', PREVIEW)
    end
    for _, blob in ipairs({ job.input or '', job.result or '' }) do
        if blob ~= '' then
            account(blob, 0)
        end
    end
    account(id .. ':room', 0)
    write('ZREM', QUEUE, id)
    write('ZREM', DELIVERED, id)
    if (job.owner or '') ~= '' then
        account(id .. ':save', 0)
        account(id .. ':hold', 0)
        write('ZREM', SAVES, id)
    end
    write('DEL', JOB)
    write('ZREM', DUE, id)
    return true
end
