-- The views are asked to be built anew: id. One that was asked for and is not answered yet stands: answers the id that holds.
local asked = redis.call('HMGET', P .. 'rebuild', 'id', 'failed')
if asked[1] and not asked[2] then return { 'OK', asked[1] } end
redis.call('DEL', P .. 'rebuild')
redis.call('HSET', P .. 'rebuild', 'id', ARGV[3])
return { 'OK', ARGV[3] }
