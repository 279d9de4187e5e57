-- Takes away generations that were given up: lease, milliseconds that they are kept. A part at a time; answers whether more is left.
if not leads(ARGV[3]) then return { 'LEASE' } end
local gone = redis.call('ZRANGEBYSCORE', P .. 'retired', '-inf', '(' .. (milliseconds() - tonumber(ARGV[4])), 'LIMIT', 0, 1)
if #gone == 0 then return { 'OK', 0 } end
G = gone[1]
if redis.call('GET', P .. 'live') ~= G then
  -- First of all: from here on nobody answers from it.
  redis.call('UNLINK', key('head'))
  local postings = redis.call('SPOP', key('keys'), 1000)
  if #postings > 0 then
    redis.call('UNLINK', unpack(postings))
    return { 'OK', 1 }
  end
  for _, name in ipairs({ 'keys', 'old', 'old-documents', 'past', 'log' }) do redis.call('UNLINK', key(name)) end
  for _, register in ipairs(REGISTERS) do redis.call('UNLINK', key('e:' .. register), key('d:' .. register), key('changed:' .. register)) end
  redis.call('SREM', P .. 'generations', G)
end
redis.call('ZREM', P .. 'retired', G)
return { 'OK', 1 }
