-- What commits up to a position have begun to show is written down: lease, position. Positions are texts of one length.
if not leads(ARGV[3]) then return { 'LEASE' } end
while true do
  local first = redis.call('LINDEX', P .. 'begun', 0)
  if not first or string.sub(first, 1, 32) > ARGV[4] then break end
  redis.call('LPOP', P .. 'begun')
end
return { 'OK' }
