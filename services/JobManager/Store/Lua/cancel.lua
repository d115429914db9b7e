if not job then
    return { 'not-found' }
end
if moved then
    return { 'again' }
end
if job.state == 'queued' or job.state == 'running' then
    finish('cancelled', {})
    return { 'cancelled' }
end
if job.state == 'done' or job.state == 'failed' then
    -- A trace of it stays for the rest of its life, so that a repeat is answered alike.
    set(JOB, job, { state = 'dropped' })
    settle(id, JOB, job, INPUT, RESULT, t)
    return { 'dropped' }
end
return { 'repeated' }
