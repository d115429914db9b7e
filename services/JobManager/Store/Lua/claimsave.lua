-- KEYS: due, sizes, usage, saves, the token's claim, candidate jobs. ARGV: token, the candidates' ids in the order of their completion.
local SAVES, CLAIM = KEYS[4], KEYS[5]
local token, t = ARGV[1], now()

local function answer(id, job, took_over)
    return { 'claimed', id, whole(job.saveAttempt), job.owner, job.converter, job.parameters, whole(job.created), job.contentType, whole(job.length),
        job.resultType, whole(job.resultLength), job.traceParent or '', job.traceState or '', took_over and '1' or '0', whole(t - job.saveSince) }
end

local held = redis.call('GET', CLAIM)
if held then
    local known = false
    for i = 2, #ARGV do
        if ARGV[i] == held then
            known = true
            local job = read(KEYS[4 + i])
            if job and job.save == 'running' and job.saveToken == token and job.saveLease > t then
                return answer(held, job, false)
            end
        end
    end
    if not known then
        return { 'again' }
    end
end

for i = 2, #ARGV do
    local id, key = ARGV[i], KEYS[4 + i]
    local job = read(key)
    if job and job.save == 'waiting' and job.saveNotBefore <= t and redis.call('ZSCORE', SAVES, id) then
        local took_over = job.saveHolder > 0
        -- Short, until the claimer takes it up: whom this answer reaches is not known yet.
        look_by(id, t + HANDOVER)
        write('SET', CLAIM, id, 'PX', HANDOVER)
        set(key, job, {
            save = 'running', saveAttempt = job.saveAttempt + 1, saveHolder = job.saveAttempt + 1,
            saveLease = t + HANDOVER, saveToken = token, saveNotBefore = 0,
        })
        write('ZREM', SAVES, id)
        return answer(id, job, took_over)
    end
    -- Only an index entry: its job is gone, or its save is not waiting.
    write('ZREM', SAVES, id)
end
return { 'again' }
