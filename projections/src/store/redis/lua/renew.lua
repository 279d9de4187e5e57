-- The lease once more: lease, milliseconds.
if not leads(ARGV[3]) then return { 'LEASE' } end
redis.call('PEXPIRE', P .. 'lease', ARGV[4])
return { 'OK' }
