-- ARGV: ..., attempt, progress ('' leaves it as it is).
local refused = refusal(tonumber(ARGV[6]))
if refused then
    return { refused }
end
if moved then
    return { 'retry' }
end
local back = job.state == 'queued'
if back then
    -- The lease ran out, and nobody has taken the job since: it goes on.
    account(id .. ':room', RESULT_RESERVATION)
    if (job.owner or '') ~= '' then
        account(id .. ':hold', job.length + RESULT_RESERVATION)
    end
    job.waited = job.waited + now - job.since
end
schedule_sweep(id, now + LEASE)
local changed = ARGV[7] ~= '' and ARGV[7] ~= (job.progress or '')
set(JOB, job, {
    state = 'running', lease = now + LEASE, waited = job.waited, notBefore = 0,
    progress = ARGV[7] ~= '' and ARGV[7] or job.progress or '',
})
if back then
    write('ZREM', QUEUE, id)
end
return reply('renewed', { changed = (back or changed) and '1' or '0' })
