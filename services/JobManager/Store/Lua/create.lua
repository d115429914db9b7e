-- KEYS: ..., job, the uploaded input. ARGV: id, converter, input, '', '', length, owner, then the job's own fields.
if job then
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
if used('in') + length > INPUT_LIMIT or (owner ~= '' and used('save') + length + RESULT_RESERVATION > SAVE_LIMIT) then
    return { 'store-full' }
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
write('ZADD', QUEUE, format_int(now), id)
local time = format_int(now)
local fields = {
    'state', 'queued', 'converter', ARGV[2], 'input', ARGV[3], 'length', format_int(length), 'owner', owner,
    'created', format_int(wall), 'entered', time, 'since', time,
}
for i = 8, #ARGV do
    fields[#fields + 1] = ARGV[i]
end
write('HSET', JOB, unpack(fields))
return { 'created' }
