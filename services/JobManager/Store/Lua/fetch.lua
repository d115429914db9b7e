-- Only for a job that is done: starts its life again, up to its limit.
if not job or job.state ~= 'done' or job.expires <= t then
    return { 'not-found' }
end
if moved then
    return { 'again' }
end
local expires = math.min(t + LIFE, job.ended + MAX_LIFE)
if expires > job.expires then
    set(JOB, job, { expires = expires })
end
return { 'fetched' }
