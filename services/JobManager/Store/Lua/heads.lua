-- How many wait in each of several queues, and which is first. Queues in which nobody waits are left out.
local heads = { 'counted' }
for index = 6, #KEYS do
    local first = redis.call('ZRANGE', KEYS[index], 0, 0)[1]
    if first then
        append(heads, { [tostring(index - 6)] = format_int(redis.call('ZCARD', KEYS[index])) .. ' ' .. first })
    end
end
return heads
