-- Does for one job what is due, and completes what a killed store has cut off.
-- ARGV: ..., the problem when it waited too long, the problem when all its leases expired.
if not job then
    account(id .. ':room', 0)
    account(id .. ':save', 0)
    account(id .. ':hold', 0)
    write('ZREM', QUEUE, id)
    write('ZREM', SAVES, id)
    write('ZREM', DELIVERED, id)
    write('ZREM', DUE, id)
    return { 'missing' }
end
if moved then
    return { 'retry' }
end
if job.state == 'running' and job.lease <= now then
    local expiries = job.expiries + 1
    if expiries >= MAX_LEASE_EXPIRIES then
        finish('failed', { expiries = expiries, problem = ARGV[7] })
        return { 'failed' }
    end
    -- The holder stays: it may still report until another attempt claims the job.
    requeue(JOB_LEASE, 0, { expiries = expiries })
    return reply('lease-expired', { converter = job.converter })
end
if job.state == 'queued' then
    if now >= job.since + MAX_QUEUE_TIME - job.waited then
        finish('failed', { problem = ARGV[6] })
        return { 'timed-out' }
    end
    local requeued = end_delay(JOB_LEASE)
    cleanup()
    return reply(requeued and 'requeued' or 'waiting', { converter = job.converter })
end
if job.save == 'waiting' and now >= job.saveSince + MAX_SAVE_TIME then
    set(JOB, job, { save = 'abandoned', saveHolder = 0 })
    cleanup()
    return { 'save-abandoned' }
end
if job.save == 'running' and job.saveLease <= now then
    -- Without a delay at first; with one when the save seems to crash its process each time.
    requeue(SAVE_LEASE, job.saveLapses < MAX_IMMEDIATE_RETRIES and 0 or MAX_SAVE_RETRY_DELAY, { saveLapses = job.saveLapses + 1 })
    return { 'save-lease-expired' }
end
if end_delay(SAVE_LEASE) then
    cleanup()
    return { 'save-requeued' }
end
if job.state == 'running' or (job.state ~= 'expired' and job.expires > now) then
    cleanup()
    return { 'waiting' }
end
return { end_retention() and 'expired' or 'waiting' }
