-- KEYS: ..., the token's claim, the job that it got, then of each queue where something waits: the queue, its turns, its first jobs.
-- ARGV: what is leased, token, the id of the job that the token got ('' for none), then of each of these queues: its converter, how many jobs,
-- their ids in the order of the queue.
local CLAIM, HELD = KEYS[6], KEYS[7]
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
    if held ~= ARGV[3] then
        return { 'retry' }
    end
    local job = read(HELD)
    if job and job[kind.state] == 'running' and job[kind.token] == token and job[kind.lease] > now then
        return claimed(held, job, false)
    end
end

if kind == JOB_LEASE and not has_room_for_result() then
    return { 'store-full' }
end

local queues = {}
local key, argument = 8, 4
while argument <= #ARGV do
    local count = tonumber(ARGV[argument + 1])
    queues[#queues + 1] = {
        number = #queues, key = KEYS[key], turns = KEYS[key + 1], converter = ARGV[argument], jobs = key + 2, ids = argument + 2, count = count,
    }
    key, argument = key + 2 + count, argument + 2 + count
end

-- Converters take turns, and so do the queues of a converter: next is the one that was served longest ago. One that was empty counts as served
-- when its first job came, so that it goes behind those that waited by then.
local last_served = 0
local function sort_by_turns()
    local converters = {}
    for _, queue in ipairs(queues) do
        local turns = redis.call('HMGET', queue.turns, 'turn', 'came', 'served')
        local came, served = tonumber(turns[2]) or 0, tonumber(turns[3]) or 0
        queue.turn, queue.served = tonumber(turns[1]) or 0, math.max(came, served)
        local converter = converters[queue.converter] or { came = came, served = served }
        converters[queue.converter] = { came = math.min(converter.came, came), served = math.max(converter.served, served) }
        last_served = math.max(last_served, queue.served)
    end
    for _, queue in ipairs(queues) do
        local converter = converters[queue.converter]
        queue.of_converter = math.max(converter.came, converter.served)
    end
    table.sort(queues, function(one, other)
        if one.of_converter ~= other.of_converter then
            return one.of_converter < other.of_converter
        end
        if one.served ~= other.served then
            return one.served < other.served
        end
        return one.number < other.number
    end)
end

if kind == JOB_LEASE then
    sort_by_turns()
end
local skipped = false
for _, queue in ipairs(queues) do
    for i = 0, queue.count - 1 do
        local id, key = ARGV[queue.ids + i], KEYS[queue.jobs + i]
        local job = read(key)
        if job and job[kind.state] == kind.waiting and job[kind.not_before] <= now and redis.call('ZSCORE', queue.key, id) then
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
                    write('HSET', queue.turns, 'turn', format_int(math.max(queue.turn, math.floor(job.place))),
                        'served', format_place(math.max(now, last_served + 1 / TURN_FRACTIONS)))
                end
                write('SET', CLAIM, id, 'PX', CLAIM_ACK_TIMEOUT)
                set(key, job, fields)
                write('ZREM', queue.key, id)
                return claimed(id, job, taken_over)
            end
            -- The jobs behind it may need no memory for a save.
            schedule_sweep(id, now + delay)
            set(key, job, { [kind.not_before] = now + delay })
            skipped = true
        end
        -- Skipped, or only an index entry: its job is gone, or does not wait here.
        write('ZREM', queue.key, id)
    end
end
return { skipped and 'saves-full' or 'retry' }
