-- KEYS: ..., jobs that have a pause. ARGV: ..., attempt, kind of failure, delay, the problem if it is final, the problem if the retries are
-- exhausted, how long the attempt has waited for converters between its steps, which counts as time in the queue, the converter that failed ('' for
-- the job's own).
local ASIDE = KEYS[12]
local attempt, kind = tonumber(ARGV[6]), ARGV[7]
local refused = refusal(JOB_LEASE, attempt, 'failure')
if refused then
    return { refused }
end
local fields = { closed = attempt, closedBy = 'failure', holder = 0, waited = job.waited + tonumber(ARGV[11]) }
local problem = kind == 'final' and ARGV[9] or nil
if kind == 'error' then
    fields.errors = job.errors + 1
    problem = fields.errors >= MAX_ERRORS and ARGV[10] or nil
elseif kind == 'broken' then
    fields.broken = job.broken + 1
    problem = fields.broken >= MAX_BROKEN_CONNECTIONS and ARGV[10] or nil
end
if problem then
    fields.problem = problem
    finish('failed', fields)
    return { 'failed' }
end
if job.state == 'queued' then
    -- Its lease had expired: the time that it waited since then counts.
    fields.waited = fields.waited + now - job.since
end
-- Most connections break because a process died: the first time there is no delay.
local delay = (kind == 'released' or fields.broken == 1) and 0 or tonumber(ARGV[8])
if delay > 0 then
    write('ZADD', ASIDE, format_int(now + delay), (ARGV[12] ~= '' and ARGV[12] or job.converter) .. ' ' .. id)
end
requeue(JOB_LEASE, delay, fields)
return reply('requeued', { converter = job.converter })
