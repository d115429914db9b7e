-- Only for a job that is done: its retention begins again, up to its limit.
if not job or job.state ~= 'done' or job.expires <= now then
    return { 'not-found' }
end
if moved then
    return { 'retry' }
end
-- Whoever fetches it again has not got all of it yet.
write('ZREM', DELIVERED, id)
local expires = math.min(now + RESULT_RETENTION, job.ended + MAX_RESULT_RETENTION)
if expires > job.expires then
    set(JOB, job, { expires = expires })
end
return { 'extended' }
