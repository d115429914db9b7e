-- KEYS: ..., the token's claim, candidate jobs. ARGV: token, the candidates' ids in the order of the queue.
local CLAIM = KEYS[5]
local token, now = ARGV[1], read_clock()

local function claimed(id, job, taken_over)
    return reply('claimed', {
        id = id, attempt = job.attempt, converter = job.converter, parameters = job.parameters, contentType = job.contentType, length = job.length,
        owner = job.owner, traceParent = job.traceParent, traceState = job.traceState, takenOver = taken_over and '1' or '0', waited = now - job.created,
    })
end

local held = redis.call('GET', CLAIM)
if held then
    local known = false
    for i = 2, #ARGV do
        if ARGV[i] == held then
            known = true
            local job = read(KEYS[4 + i])
            if job and job.state == 'running' and job.token == token and job.lease > now then
                return claimed(held, job, false)
            end
        end
    end
    if not known then
        return { 'retry' }
    end
end

if used('out') + used('room') + RESULT_RESERVATION > RESULT_LIMIT then
    return { 'store-full' }
end

local skipped = false
for i = 2, #ARGV do
    local id, key = ARGV[i], KEYS[4 + i]
    local job = read(key)
    if job and job.state == 'queued' and job.notBefore <= now and redis.call('ZSCORE', QUEUE, id) then
        local taken_over, owned = job.holder > 0, (job.owner or '') ~= ''
        local free = SAVE_LIMIT - job.length - RESULT_RESERVATION - used('save')
        if not owned or used('hold') <= free then
            -- Short, until the claimer takes it up: whom this answer reaches is not known yet.
            schedule_sweep(id, now + CLAIM_ACK_TIMEOUT)
            account(id .. ':room', RESULT_RESERVATION)
            if owned then
                account(id .. ':hold', job.length + RESULT_RESERVATION)
            end
            write('SET', CLAIM, id, 'PX', CLAIM_ACK_TIMEOUT)
            set(key, job, {
                state = 'running', attempt = job.attempt + 1, holder = job.attempt + 1, lease = now + CLAIM_ACK_TIMEOUT, token = token,
                waited = job.waited + now - job.since, notBefore = 0, progress = '',
            })
            write('ZREM', QUEUE, id)
            return claimed(id, job, taken_over)
        end
        -- Out of the way of those behind it that need no room for a save: for a moment where only running jobs are in its way, longer where saves wait.
        local pause = free >= 0 and SAVE_RESERVATION_DELAY or SAVES_FULL_DELAY
        schedule_sweep(id, now + pause)
        set(key, job, { notBefore = now + pause })
        skipped = true
    end
    -- Held back, or only an index entry: its job is gone, or not waiting here.
    write('ZREM', QUEUE, id)
end
return { skipped and 'saves-full' or 'retry' }
