-- ARGV: ..., attempt.
local refused = save_refusal(tonumber(ARGV[6]))
if refused then
    return { refused }
end
local back = job.save == 'waiting'
schedule_sweep(id, now + LEASE)
set(JOB, job, { save = 'running', saveLease = now + LEASE, saveNotBefore = 0 })
if back then
    -- The lease ran out, and nobody has taken the save since: it goes on.
    write('ZREM', SAVES, id)
end
return { 'renewed' }
