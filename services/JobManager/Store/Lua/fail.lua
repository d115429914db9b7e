-- ARGV: ..., attempt, kind, pause, the problem as reported, the problem when the tries are used up.
local attempt, kind = tonumber(ARGV[6]), ARGV[7]
if job and job.closed == attempt and job.closedBy == 'failure' then
    return { 'repeated' }
end
local refused = refusal(attempt)
if refused then
    return { refused }
end
if moved then
    return { 'retry' }
end
local fields = { closed = attempt, closedBy = 'failure', holder = 0 }
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
    -- Its lease had run out: what it waited since goes on counting.
    fields.waited = job.waited + now - job.since
end
-- Most connections break because a process died: the first time, another one is tried at once.
requeue((kind == 'released' or fields.broken == 1) and 0 or tonumber(ARGV[8]), fields)
return reply('requeued', { converter = job.converter })
