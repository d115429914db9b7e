-- ARGV: ..., attempt, outcome, the pause that was asked for.
local attempt, outcome = tonumber(ARGV[6]), ARGV[7]
if job and job.saveClosed == attempt and job.saveClosedBy == outcome then
    return { 'repeated' }
end
local refused = save_refusal(attempt)
if refused then
    return { refused }
end
if moved then
    return { 'retry' }
end
local fields = { saveClosed = attempt, saveClosedBy = outcome, saveHolder = 0 }
local ended = (outcome == 'saved' or outcome == 'refused') and outcome or nil
if outcome == 'again' and now >= job.saveSince + MAX_SAVE_TIME then
    ended = 'abandoned'
end
if ended then
    fields.save = ended
    if job.state == 'expired' then
        -- Nothing of it is needed any more: the sweep takes it away.
        schedule_sweep(id, now)
    end
    set(JOB, job, fields)
    cleanup()
    return reply(ended, { waited = now - job.saveSince })
end
local pause = 0
if outcome == 'again' then
    fields.saveTries = job.saveTries + 1
    pause = math.min(math.max(SAVE_RETRY_DELAY * 2 ^ math.min(job.saveTries, 20), tonumber(ARGV[8])), MAX_SAVE_RETRY_DELAY)
end
requeue_save(pause, fields)
return { 'requeued' }
