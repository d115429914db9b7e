-- Precedes every script on one job. Where its keys are was peeked at before, so it is checked again here.
local JOB, INPUT, RESULT = KEYS[5], KEYS[6], KEYS[7]
local id, t = ARGV[1], now()
local job = read(JOB)
local moved = job and (job.converter ~= ARGV[2] or (job.input or '') ~= ARGV[3] or (job.result or '') ~= ARGV[4])

-- An attempt may write while nobody else has taken the job, even when its lease ran out.
local function refusal(attempt)
    if not job or job.state == 'dropped' then
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

local function finish(state, fields)
    fields.state = state
    fields.holder = 0
    fields.ended = t
    fields.expires = t + LIFE
    look_by(id, t + LIFE)
    set(JOB, job, fields)
    settle(id, JOB, job, INPUT, RESULT, t)
end

-- Back into the queue, at its original place; a pause keeps it out until the sweep puts it in.
local function requeue(pause, fields)
    fields.state = 'queued'
    fields.since = t
    fields.notBefore = t + pause
    fields.progress = ''
    if pause == 0 then
        write('ZADD', QUEUE, whole(job.created), id)
    else
        look_by(id, t + pause)
    end
    set(JOB, job, fields)
    settle(id, JOB, job, INPUT, RESULT, t)
end
