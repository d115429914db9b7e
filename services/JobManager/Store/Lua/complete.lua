-- KEYS: ..., job, input, the uploaded result. ARGV: ..., attempt, result, length, content type, information, width, height.
local attempt = tonumber(ARGV[6])
local refused = refusal(JOB_LEASE, attempt, 'result')
if refused then
    return { refused }
end
if tonumber(ARGV[8]) > max_result_length(job) then
    return { 'too-large' }
end
if redis.call('EXISTS', RESULT) == 0 then
    return { 'upload-expired' }
end
account(ARGV[7], tonumber(ARGV[8]))
if not persist(RESULT) then
    return { 'upload-expired' }
end
local fields = {
    result = ARGV[7], resultLength = tonumber(ARGV[8]), resultType = ARGV[9], resultInfo = ARGV[10],
    resultWidth = ARGV[11], resultHeight = ARGV[12], closed = attempt, closedBy = 'result', progress = '',
}
local owned = (job.owner or '') ~= ''
if owned then
    account(id .. ':save', job.length + tonumber(ARGV[8]))
    write('ZADD', SAVES, format_int(now), id)
    fields.save = 'waiting'
    fields.saveSince = now
end
finish('done', fields)
return reply('completed', { saveQueued = owned and '1' or '0' })
