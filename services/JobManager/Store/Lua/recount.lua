-- Computes the totals again from the single entries.
local totals = { ['in'] = 0, out = 0, room = 0, save = 0, hold = 0 }
local flat = redis.call('HGETALL', SIZES)
for i = 1, #flat, 2 do
    local pool = string.match(flat[i], ':(%a+)')
    totals[pool] = totals[pool] + tonumber(flat[i + 1])
end
for pool, bytes in pairs(totals) do
    if bytes == 0 then
        write('HDEL', USAGE, pool)
    elseif used(pool) ~= bytes then
        write('HSET', USAGE, pool, format_int(bytes))
    end
end
return { 'counted' }
