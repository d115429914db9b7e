-- Lets time of the system go on: by what the store's clock says has passed since the last tick, within bounds (read_clock). Every job manager
-- ticks once a second, so it stands still while none of them runs, or the store does not. Of several ticks within a second one is written.
local now, wall, passed = read_clock()
if not passed or passed < 0 or passed >= MIN_TICK then
    write('HSET', CLOCK, 'time', format_int(now), 'wall', format_int(wall))
end
return reply('ticked', { now = now })
