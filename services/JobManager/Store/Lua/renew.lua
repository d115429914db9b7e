-- ARGV: ..., what is leased, attempt, progress ('' leaves it as it is).
local kind, progress = LEASES[ARGV[6]], ARGV[8]
local refused = refusal(kind, tonumber(ARGV[7]))
if refused then
    return { refused }
end
-- The lease expired, but no other attempt has claimed the work: this one continues.
local resumed = job[kind.state] == kind.waiting
local fields = { [kind.state] = 'running', [kind.lease] = now + LEASE, [kind.not_before] = 0 }
local changed = false
if kind == JOB_LEASE then
    if resumed then
        reserve(id, job)
        fields.waited = job.waited + now - job.since
    end
    changed = resumed or (progress ~= '' and progress ~= (job.progress or ''))
    fields.progress = progress ~= '' and progress or job.progress or ''
end
schedule_sweep(id, now + LEASE)
set(JOB, job, fields)
if resumed then
    write('ZREM', kind.queue, id)
end
return reply('renewed', { changed = changed and '1' or '0' })
