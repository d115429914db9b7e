-- Computes the totals again from the single entries.
local totals = {}
local function add(pool, number)
    totals[pool] = (totals[pool] or 0) + number
end
local flat = redis.call('HGETALL', SIZES)
for i = 1, #flat, 2 do
    local bytes = tonumber(flat[i + 1])
    local pool = string.match(flat[i], ':(%a+)')
    add(pool, bytes)
    if pool == 'room' then
        add('running', 1)
    end
    local party = party_of(flat[i])
    if party then
        add('in@' .. party, bytes)
        add('jobs@' .. party, 1)
    end
end
local before = redis.call('HKEYS', USAGE)
for _, pool in ipairs(before) do
    if (totals[pool] or 0) == 0 then
        write('HDEL', USAGE, pool)
    end
end
for pool, number in pairs(totals) do
    if number ~= 0 and used(pool) ~= number then
        write('HSET', USAGE, pool, format_int(number))
    end
end
return { 'counted' }
