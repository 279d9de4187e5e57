-- A generation begun beside the live one: lease, format of the documents. What others began and never finished is given up.
if not leads(ARGV[3]) then return { 'LEASE' } end
local live = redis.call('GET', P .. 'live')
local now = milliseconds()
redis.call('HSET', key('head'), 'seq', 0, 'position', '', 'events', 0, 'fence', fence_of(ARGV[3]), 'format', ARGV[4])
for _, other in ipairs(redis.call('SMEMBERS', P .. 'generations')) do
  if other ~= live and other ~= G and not redis.call('ZSCORE', P .. 'retired', other) then
    redis.call('ZADD', P .. 'retired', now, other)
  end
end
redis.call('SADD', P .. 'generations', G)
return { 'OK' }
