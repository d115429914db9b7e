-- KEYS: ..., the uploaded preview (12). ARGV: ..., attempt, preview, length, content type. The preview keeps its time to live.
local refused = refusal(JOB_LEASE, tonumber(ARGV[6]))
if refused then
    return { refused }
end
if job.state ~= 'running' or redis.call('EXISTS', KEYS[12]) == 0 then
    return { 'upload-expired' }
end
local before = job.preview or ''
set(JOB, job, { preview = ARGV[7], previewLength = ARGV[8], previewType = ARGV[9], previews = job.previews + 1 })
if before ~= '' then
    write('DEL', PREVIEW)
end
return { 'previewed' }
