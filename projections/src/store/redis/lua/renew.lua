-- The lease once more: lease, milliseconds. Answers whether the views are asked to be built anew: the id of that, or nothing; and where
-- the live ones are, for whoever believes them to be further.
if not leads(ARGV[3]) then return { 'LEASE' } end
redis.call('PEXPIRE', P .. 'lease', ARGV[4])
local asked = redis.call('HMGET', P .. 'rebuild', 'id', 'failed')
G = redis.call('GET', P .. 'live')
local position = G and redis.call('HGET', key('head'), 'position') or ''
return { 'OK', asked[1] and not asked[2] and asked[1] or '', position or '' }
