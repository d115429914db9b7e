-- KEYS: ..., job, input, the uploaded result. ARGV: ..., attempt, result, length, content type, information.
local attempt = tonumber(ARGV[5])
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
account(ARGV[6], tonumber(ARGV[7]))
if not keep(RESULT) then
    return { 'lost' }
end
finish('done', {
    result = ARGV[6], resultLength = ARGV[7], resultType = ARGV[8], resultInfo = ARGV[9],
    closed = attempt, closedBy = 'result', progress = '',
})
return { 'completed', whole(t - job.created) }
