-- KEYS: ..., job, the uploaded input, the queue's turns, the other queues that the caller claims from. ARGV: id, converter, input, '', '',
-- length, owner, the token of a caller that has a free slot ('' without), what the result may have at most ('' when not known), then the job's
-- own fields.
local TURNS, OTHER_QUEUES = KEYS[12], 13

-- A party whose last turn is over is as one that has taken none.
local function forget_turns(turn)
    local turns = redis.call('HGETALL', TURNS)
    for i = 1, #turns, 2 do
        if string.sub(turns[i], 1, 3) == 'of:' and tonumber(turns[i + 1]) <= turn then
            write('HDEL', TURNS, turns[i])
        end
    end
end

-- Parties take turns: a job's place is the turn in which its party has it done. Each turn has one job of a party, so that one who comes with a
-- single job waits for one job of each other party, however many those have. Within a turn the first to come is first.
local function take_turn(party)
    local is_empty = redis.call('ZCARD', QUEUE) == 0
    local turns = redis.call('HMGET', TURNS, 'turn', 'of:' .. party, 'taken')
    local turn = tonumber(turns[1]) or now
    local own = math.max(turn, tonumber(turns[2]) or 0) + 1
    local taken = (tonumber(turns[3]) or 0) + 1
    local came = {}
    if is_empty then
        -- Nobody has to wait for a turn that was taken before. Among converters it goes behind those that wait (claim.lua).
        turn = math.max(turn, now)
        own = turn + 1
        came = { 'came', format_int(now) }
        write('DEL', TURNS)
    end
    if taken % TURN_FRACTIONS == 0 then
        forget_turns(turn)
    end
    write('HSET', TURNS, 'turn', format_int(turn), 'of:' .. party, format_int(own), 'taken', format_int(taken), unpack(came))
    return own + (taken % TURN_FRACTIONS) / TURN_FRACTIONS
end

-- The place of a job for which nobody has to wait, should it come back to the queue.
local function next_turn()
    return math.max(tonumber(redis.call('HGET', TURNS, 'turn') or 0) or 0, now) + 1
end

-- Whether a job waits in this queue, or in another one that the caller claims from: it would come first.
local function does_any_wait()
    for i = OTHER_QUEUES, #KEYS do
        if redis.call('ZCARD', KEYS[i]) > 0 then
            return true
        end
    end
    return redis.call('ZCARD', QUEUE) > 0
end

-- One alone may have half of the queue and of the room for inputs, two a third each, and the next always finds some.
local function has_its_share(party, length)
    return used('jobs@' .. party) + 1 > MAX_QUEUED - redis.call('ZCARD', QUEUE) - 1
        or used('in@' .. party) + length > INPUT_LIMIT - used('in') - length
end

local token = ARGV[8]
if job then
    if token ~= '' and job.state == 'running' and job.token == token and job.lease > now then
        -- The reply that said so got lost.
        return reply('exists', { attempt = job.attempt })
    end
    -- Whoever asks for it again is promised its result: it does not make room until it was sent once more.
    write('ZREM', DELIVERED, id)
    if is_saving(job) and job.state == 'expired' then
        -- Submitted again after its retention, while its save still has the images: its retention begins again.
        schedule_sweep(id, now + RESULT_RETENTION)
        account(job.result, job.resultLength)
        set(JOB, job, { state = 'done', ended = now, expires = now + RESULT_RETENTION })
    elseif job.expires > 0 and job.expires <= now and job.state ~= 'expired' and job.state ~= 'dropped' then
        -- The sweep has not removed anything of it yet: what this reply promises must still be there afterwards.
        schedule_sweep(id, now + RESULT_RETENTION)
        set(JOB, job, { ended = now, expires = now + RESULT_RETENTION })
    end
    return { 'exists' }
end
if redis.call('ZCARD', QUEUE) >= MAX_QUEUED then
    return { 'queue-full' }
end
local length, owner = tonumber(ARGV[6]), ARGV[7]
local new = { owner = owner, length = length, yield = tonumber(ARGV[9]) or 0, state = 'running' }
if used('in') + length > INPUT_LIMIT or (owner ~= '' and used('save') + max_save_size(new) > SAVE_LIMIT) then
    return { 'store-full' }
end
local party = party_of(ARGV[3])
if party and has_its_share(party, length) then
    return { 'share-full' }
end
if redis.call('EXISTS', INPUT) == 0 then
    return { 'upload-expired' }
end
-- Early: if the rest is cut off, the sweep soon finds that this entry leads nowhere.
schedule_sweep(id, now + LEASE)
account(ARGV[3], length)
if not persist(INPUT) then
    return { 'upload-expired' }
end
local fields = {
    'converter', ARGV[2], 'input', ARGV[3], 'length', format_int(length), 'owner', owner, 'yield', ARGV[9], 'created', format_int(wall),
    'since', format_int(now),
}
for i = 10, #ARGV do
    fields[#fields + 1] = ARGV[i]
end

-- Where no job waits that would come first, whoever has a free slot runs it at once: created and claimed in one step.
if token ~= '' and not does_any_wait() and has_room_for_result() and skip_delay(new) == 0 then
    reserve(id, new)
    write('HSET', JOB, 'state', 'running', 'place', format_place(next_turn()), 'attempt', '1', 'holder', '1', 'token', token,
        'lease', format_int(now + LEASE), unpack(fields))
    return reply('created', { attempt = 1 })
end
local place = format_place(take_turn(party or ''))
write('ZADD', QUEUE, place, id)
write('HSET', JOB, 'state', 'queued', 'place', place, unpack(fields))
return { 'created' }
