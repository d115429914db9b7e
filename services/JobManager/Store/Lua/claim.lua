-- KEYS: ..., the token's claim, the queue's turns, candidate jobs. ARGV: what is leased, token, the candidates' ids in the order of the queue.
local CLAIM, TURNS = KEYS[6], KEYS[7]
local kind, token, now = LEASES[ARGV[1]], ARGV[2], read_clock()

local function claimed(id, job, taken_over)
    return reply('claimed', {
        id = id, attempt = job[kind.attempt], takenOver = taken_over and '1' or '0', waited = kind == JOB_LEASE and job.waited or now - job.saveSince,
        created = job.created, converter = job.converter, parameters = job.parameters, contentType = job.contentType, length = job.length,
        images = job.images, recipe = job.recipe, resultType = job.resultType, resultLength = job.resultLength,
        resultWidth = job.resultWidth, resultHeight = job.resultHeight,
        owner = job.owner, name = job.name, traceParent = job.traceParent, traceState = job.traceState,
    })
end

local held = redis.call('GET', CLAIM)
if held then
    local known = false
    for i = 3, #ARGV do
        if ARGV[i] == held then
            known = true
            local job = read(KEYS[5 + i])
            if job and job[kind.state] == 'running' and job[kind.token] == token and job[kind.lease] > now then
                return claimed(held, job, false)
            end
        end
    end
    if not known then
        return { 'retry' }
    end
end

if kind == JOB_LEASE and not has_room_for_result() then
    return { 'store-full' }
end

local skipped = false
for i = 3, #ARGV do
    local id, key = ARGV[i], KEYS[5 + i]
    local job = read(key)
    if job and job[kind.state] == kind.waiting and job[kind.not_before] <= now and redis.call('ZSCORE', QUEUE, id) then
        local delay = kind == JOB_LEASE and skip_delay(job) or 0
        if delay == 0 then
            local taken_over, attempt = job[kind.holder] > 0, job[kind.attempt] + 1
            local fields = {
                [kind.state] = 'running', [kind.attempt] = attempt, [kind.holder] = attempt, [kind.lease] = now + CLAIM_ACK_TIMEOUT,
                [kind.token] = token, [kind.not_before] = 0,
            }
            -- Short until the claimer acknowledges it: this reply may reach nobody.
            schedule_sweep(id, now + CLAIM_ACK_TIMEOUT)
            if kind == JOB_LEASE then
                reserve(id, job)
                fields.waited = job.waited + now - job.since
                fields.progress = ''
                local turn = math.floor(job.place)
                if turn > (tonumber(redis.call('HGET', TURNS, 'turn') or 0) or 0) then
                    write('HSET', TURNS, 'turn', format_int(turn))
                end
            end
            write('SET', CLAIM, id, 'PX', CLAIM_ACK_TIMEOUT)
            set(key, job, fields)
            write('ZREM', QUEUE, id)
            return claimed(id, job, taken_over)
        end
        -- The jobs behind it may need no memory for a save.
        schedule_sweep(id, now + delay)
        set(key, job, { [kind.not_before] = now + delay })
        skipped = true
    end
    -- Skipped, or only an index entry: its job is gone, or does not wait here.
    write('ZREM', QUEUE, id)
end
return { skipped and 'saves-full' or 'retry' }
