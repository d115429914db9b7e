-- KEYS: due, sizes, usage, saves, the token's claim, candidate jobs. ARGV: token, the candidates' ids in the order of their completion.
local SAVES, CLAIM = KEYS[4], KEYS[5]
local token, now = ARGV[1], read_clock()

local function claimed(id, job, taken_over)
    return reply('claimed', {
        id = id, attempt = job.saveAttempt, owner = job.owner, converter = job.converter, parameters = job.parameters, created = job.created,
        contentType = job.contentType, length = job.length, resultType = job.resultType, resultLength = job.resultLength,
        traceParent = job.traceParent, traceState = job.traceState, takenOver = taken_over and '1' or '0', waited = now - job.saveSince,
    })
end

local held = redis.call('GET', CLAIM)
if held then
    local known = false
    for i = 2, #ARGV do
        if ARGV[i] == held then
            known = true
            local job = read(KEYS[4 + i])
            if job and job.save == 'running' and job.saveToken == token and job.saveLease > now then
                return claimed(held, job, false)
            end
        end
    end
    if not known then
        return { 'retry' }
    end
end

for i = 2, #ARGV do
    local id, key = ARGV[i], KEYS[4 + i]
    local job = read(key)
    if job and job.save == 'waiting' and job.saveNotBefore <= now and redis.call('ZSCORE', SAVES, id) then
        local taken_over = job.saveHolder > 0
        -- Short, until the claimer takes it up: whom this answer reaches is not known yet.
        schedule_sweep(id, now + CLAIM_ACK_TIMEOUT)
        write('SET', CLAIM, id, 'PX', CLAIM_ACK_TIMEOUT)
        set(key, job, {
            save = 'running', saveAttempt = job.saveAttempt + 1, saveHolder = job.saveAttempt + 1,
            saveLease = now + CLAIM_ACK_TIMEOUT, saveToken = token, saveNotBefore = 0,
        })
        write('ZREM', SAVES, id)
        return claimed(id, job, taken_over)
    end
    -- Only an index entry: its job is gone, or its save is not waiting.
    write('ZREM', SAVES, id)
end
return { 'retry' }
