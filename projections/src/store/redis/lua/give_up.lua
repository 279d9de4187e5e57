-- A generation is given up that could not be filled, and with it what was asked for: lease, id of that, why. It is taken away at once.
if not leads(ARGV[3]) then return { 'LEASE' } end
if redis.call('HGET', P .. 'rebuild', 'id') == ARGV[4] then redis.call('HSET', P .. 'rebuild', 'failed', ARGV[5]) end
if redis.call('SISMEMBER', P .. 'generations', G) == 1 then redis.call('ZADD', P .. 'retired', 0, G) end
return { 'OK' }
