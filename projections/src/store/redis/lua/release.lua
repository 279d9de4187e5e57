-- The lease given back.
if not leads(ARGV[3]) then return { 'LEASE' } end
redis.call('DEL', P .. 'lease')
return { 'OK' }
