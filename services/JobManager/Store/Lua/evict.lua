-- Ends the life of a job whose result was sent whole, where results are short of room.
-- ARGV: ..., bytes for which there is to be room beside the largest result, so that not each claim has to come here.
if has_room_for_result(tonumber(ARGV[6])) then
    return { 'waiting' }
end
if moved then
    return { 'retry' }
end
local delivered = tonumber(redis.call('ZSCORE', DELIVERED, id) or nil)
if not delivered or delivered > now - DELIVERED_RETENTION then
    -- It is being fetched again.
    return { 'needed' }
end
if not job or job.state ~= 'done' then
    write('ZREM', DELIVERED, id)
    return { 'missing' }
end
-- If the rest is cut off, the sweep continues with it at once.
schedule_sweep(id, now)
end_retention()
return { 'expired' }
