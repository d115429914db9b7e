-- ARGV: ..., attempt, outcome, the delay that was asked for.
local attempt, outcome = tonumber(ARGV[6]), ARGV[7]
local refused = refusal(SAVE_LEASE, attempt, outcome)
if refused then
    return { refused }
end
local fields = { saveClosed = attempt, saveClosedBy = outcome, saveHolder = 0 }
local ended = (outcome == 'saved' or outcome == 'refused') and outcome or nil
if outcome == 'again' and now >= job.saveSince + MAX_SAVE_TIME then
    ended = 'abandoned'
end
if ended then
    fields.save = ended
    if job.state == 'expired' then
        -- Nothing of it is needed any more: the sweep removes it.
        schedule_sweep(id, now)
    end
    set(JOB, job, fields)
    cleanup()
    return reply(ended, { waited = now - job.saveSince })
end
local delay = 0
if outcome == 'again' then
    fields.saveTries = job.saveTries + 1
    delay = math.min(math.max(SAVE_RETRY_DELAY * 2 ^ math.min(job.saveTries, 20), tonumber(ARGV[8])), MAX_SAVE_RETRY_DELAY)
end
requeue(SAVE_LEASE, delay, fields)
return { 'requeued' }
