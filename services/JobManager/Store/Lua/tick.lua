-- Lets time of the system go on: by what the store's clock says has passed since the last tick, within bounds (read_clock). Every job manager
-- ticks once a second, so it stands still while none of them runs, or the store does not.
local now, wall = read_clock()
write('HSET', CLOCK, 'time', format_int(now), 'wall', format_int(wall))
return reply('ticked', { now = now })
