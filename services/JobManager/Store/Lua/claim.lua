-- KEYS: ..., the token's claim, candidate jobs. ARGV: token, the candidates' ids in the order of the queue.
local CLAIM = KEYS[5]
local token, t = ARGV[1], now()

local function answer(id, job, took_over)
    return { 'claimed', id, whole(job.attempt), job.converter, job.parameters, job.contentType, whole(job.length), job.owner or '',
        job.traceParent or '', job.traceState or '', took_over and '1' or '0', whole(t - job.created) }
end

local held = redis.call('GET', CLAIM)
if held then
    local known = false
    for i = 2, #ARGV do
        if ARGV[i] == held then
            known = true
            local job = read(KEYS[4 + i])
            if job and job.state == 'running' and job.token == token and job.lease > t then
                return answer(held, job, false)
            end
        end
    end
    if not known then
        return { 'again' }
    end
end

if used('out') + used('room') + ROOM > RESULT_LIMIT then
    return { 'store-full' }
end

local held_back = false
for i = 2, #ARGV do
    local id, key = ARGV[i], KEYS[4 + i]
    local job = read(key)
    if job and job.state == 'queued' and job.notBefore <= t and redis.call('ZSCORE', QUEUE, id) then
        local took_over, owned = job.holder > 0, (job.owner or '') ~= ''
        local free = SAVE_LIMIT - job.length - ROOM - used('save')
        if not owned or used('hold') <= free then
            -- Short, until the claimer takes it up: whom this answer reaches is not known yet.
            look_by(id, t + HANDOVER)
            account(id .. ':room', ROOM)
            if owned then
                account(id .. ':hold', job.length + ROOM)
            end
            write('SET', CLAIM, id, 'PX', HANDOVER)
            set(key, job, {
                state = 'running', attempt = job.attempt + 1, holder = job.attempt + 1, lease = t + HANDOVER, token = token,
                waited = job.waited + t - job.since, notBefore = 0, progress = '',
            })
            write('ZREM', QUEUE, id)
            return answer(id, job, took_over)
        end
        -- Out of the way of those behind it that need no room for a save: for a moment where only running jobs are in its way, longer where saves wait.
        local pause = free >= 0 and HOLD_WAIT or SAVE_WAIT
        look_by(id, t + pause)
        set(key, job, { notBefore = t + pause })
        held_back = true
    end
    -- Held back, or only an index entry: its job is gone, or not waiting here.
    write('ZREM', QUEUE, id)
end
return { held_back and 'saves-full' or 'again' }
