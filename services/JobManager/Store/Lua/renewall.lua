-- Renews many leases, on jobs and on saves, each if that is all that there is to do; the others are renewed singly.
-- KEYS: ..., the jobs. ARGV: for each of them what is leased, id, attempt, progress ('' leaves it as it is). Replies by number.
local now = read_clock()
local outcomes = {}
for i = 1, #KEYS - 5 do
    local key = KEYS[5 + i]
    local kind, id, attempt, progress = LEASES[ARGV[4 * i - 3]], ARGV[4 * i - 2], ARGV[4 * i - 1], ARGV[4 * i]
    local state, holder, before = unpack(redis.call('HMGET', key, kind.state, kind.holder, 'progress'))
    if state == 'running' and holder == attempt then
        local changed = kind == JOB_LEASE and progress ~= '' and progress ~= (before or '')
        -- Where it is missing: the entry of a lease that is renewed in time comes too early, and is put right then.
        schedule_sweep(id, now + LEASE)
        write('HSET', key, kind.lease, format_int(now + LEASE), unpack(changed and { 'progress', progress } or {}))
        outcomes[tostring(i)] = changed and 'changed' or 'renewed'
    else
        outcomes[tostring(i)] = 'single'
    end
end
return reply('renewed', outcomes)
