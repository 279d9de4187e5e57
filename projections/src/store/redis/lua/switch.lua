-- The generation becomes the live one, from one request to the next: lease, id under which that was asked for, or nothing. The former
-- one stays for the snapshots of it.
if not leads(ARGV[3]) then return { 'LEASE' } end
if redis.call('EXISTS', key('head')) == 0 then return { 'NONE' } end
if redis.call('HGET', P .. 'rebuild', 'id') == ARGV[4] then redis.call('DEL', P .. 'rebuild') end
local former = redis.call('GET', P .. 'live')
if former == G then return { 'OK' } end
local now = milliseconds()
redis.call('SET', P .. 'live', G)
redis.call('HSET', key('head'), 'fence', fence_of(ARGV[3]))
if former then redis.call('ZADD', P .. 'retired', now, former) end
return { 'OK' }
