-- The lease, if nobody else has it: holder, milliseconds. The fence grows with every lease that is given, and is never below the one
-- that the live views were written with.
local taken = redis.call('GET', P .. 'lease')
if taken and string.match(taken, '^%d+ (.*)$') ~= ARGV[3] then return { 'TAKEN' } end
local fence = tonumber(redis.call('GET', P .. 'fence') or '0')
G = redis.call('GET', P .. 'live')
if G then fence = math.max(fence, tonumber(redis.call('HGET', key('head'), 'fence') or '0')) end
fence = fence + 1
redis.call('SET', P .. 'fence', fence)
local lease = fence .. ' ' .. ARGV[3]
redis.call('SET', P .. 'lease', lease, 'PX', ARGV[4])
return { 'OK', lease }
