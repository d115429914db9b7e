-- KEYS: ..., job, the uploaded input. ARGV: id, converter, input, '', length, then the job's own fields.
if job then
    return { 'exists' }
end
if redis.call('ZCARD', QUEUE) >= MAX_QUEUED then
    return { 'queue-full' }
end
local length = tonumber(ARGV[5])
if used('in') + length > INPUT_LIMIT then
    return { 'store-full' }
end
if redis.call('EXISTS', INPUT) == 0 then
    return { 'lost' }
end
-- An early look: should the rest be cut off, this entry is soon found to lead nowhere.
look_by(id, t + LEASE)
account(ARGV[3], length)
if not keep(INPUT) then
    return { 'lost' }
end
write('ZADD', QUEUE, whole(t), id)
local time = whole(t)
local fields = { 'state', 'queued', 'converter', ARGV[2], 'input', ARGV[3], 'length', whole(length), 'created', time, 'since', time }
for i = 6, #ARGV do
    fields[#fields + 1] = ARGV[i]
end
write('HSET', JOB, unpack(fields))
return { 'created' }
