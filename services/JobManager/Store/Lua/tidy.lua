-- Does for one job what is due, and completes what a killed store has cut off. ARGV: ..., the problems of a time-out in the queue and of a lost lease.
if not job then
    account(id .. ':room', 0)
    write('ZREM', QUEUE, id)
    write('ZREM', DUE, id)
    return { 'gone' }
end
if moved then
    return { 'again' }
end
if job.state == 'running' and job.lease <= t then
    local expiries = job.expiries + 1
    if expiries >= MAX_EXPIRIES then
        finish('failed', { expiries = expiries, problem = ARGV[6] })
        return { 'failed' }
    end
    -- The holder stays: it may still report, as long as nobody else has taken the job.
    requeue(0, { expiries = expiries })
    return { 'lapsed', job.converter }
end
if job.state == 'queued' then
    if t >= job.since + MAX_QUEUE_TIME - job.waited then
        finish('failed', { problem = ARGV[5] })
        return { 'timed-out' }
    end
    local woken = job.notBefore <= t and not redis.call('ZSCORE', QUEUE, id)
    if woken then
        write('ZADD', QUEUE, whole(job.created), id)
    end
    settle(id, JOB, job, INPUT, RESULT, t)
    return { woken and 'woken' or 'waiting', job.converter }
end
if job.state == 'running' or job.expires > t then
    settle(id, JOB, job, INPUT, RESULT, t)
    return { 'waiting' }
end
-- Its life is over. The entry in due goes last, since it leads here.
write('DEL', INPUT)
write('DEL', RESULT)
for _, blob in ipairs({ job.input or '', job.result or '' }) do
    if blob ~= '' then
        account(blob, 0)
    end
end
account(id .. ':room', 0)
write('ZREM', QUEUE, id)
write('DEL', JOB)
write('ZREM', DUE, id)
return { 'expired' }
