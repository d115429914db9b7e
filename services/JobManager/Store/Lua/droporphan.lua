-- KEYS: ..., job, the blob. ARGV: the accounting's field. Drops what no job needs.
local JOB, field = KEYS[6], ARGV[1]
local job = read(JOB)
local pool = string.match(field, ':(%a+)')
if job and (job.input == field or job.result == field or (pool == 'room' and job.state == 'running')
    or (pool == 'save' and save_size(job) > 0) or (pool == 'hold' and save_reservation(job) > 0)) then
    return { 'needed' }
end
if pool == 'in' or pool == 'out' then
    write('DEL', KEYS[7])
end
account(field, 0)
return { 'dropped' }
