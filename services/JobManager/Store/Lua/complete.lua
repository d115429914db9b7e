-- KEYS: ..., job, input, the uploaded result. ARGV: ..., attempt, result, length, content type, information.
local attempt = tonumber(ARGV[6])
if job and job.closed == attempt and job.closedBy == 'result' then
    return { 'repeated' }
end
local refused = refusal(attempt)
if refused then
    return { refused }
end
if moved then
    return { 'again' }
end
if redis.call('EXISTS', RESULT) == 0 then
    return { 'lost' }
end
account(ARGV[7], tonumber(ARGV[8]))
if not keep(RESULT) then
    return { 'lost' }
end
local fields = {
    result = ARGV[7], resultLength = tonumber(ARGV[8]), resultType = ARGV[9], resultInfo = ARGV[10],
    closed = attempt, closedBy = 'result', progress = '',
}
local owned = (job.owner or '') ~= ''
if owned then
    account(id .. ':save', job.length + tonumber(ARGV[8]))
    write('ZADD', SAVES, whole(t), id)
    fields.save = 'waiting'
    fields.saveSince = t
end
finish('done', fields)
return { 'completed', whole(t - job.created), owned and '1' or '0' }
