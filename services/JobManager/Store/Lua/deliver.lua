-- Notes that results were sent whole. KEYS: ..., the delivered, the jobs. ARGV: the jobs' ids.
local DELIVERED, now = KEYS[6], read_clock()
for i = 1, #ARGV do
    if redis.call('HGET', KEYS[6 + i], 'state') == 'done' then
        write('ZADD', DELIVERED, format_int(now), ARGV[i])
    end
end
return { 'delivered' }
