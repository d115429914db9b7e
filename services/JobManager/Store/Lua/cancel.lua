-- ARGV: ..., 'queued' where only a job that waits is to be cancelled.
if not job or job.state == 'expired' then
    return { 'not-found' }
end
if moved then
    return { 'retry' }
end
if ARGV[6] == 'queued' and job.state ~= 'queued' then
    return { 'repeated' }
end
if job.state == 'queued' or job.state == 'running' then
    finish('cancelled', {})
    return { 'cancelled' }
end
if job.state == 'done' or job.state == 'failed' then
    -- The job stays until its retention ends, so that a repeat has the same answer. Its save continues.
    set(JOB, job, { state = 'dropped' })
    cleanup()
    return { 'dropped' }
end
return { 'repeated' }
