-- Where the generation is, or the live one if none is named; and what changed since a commit that is known: generation, seq and
-- position of it, most changes that are told.
if G == '' then
  G = redis.call('GET', P .. 'live')
  if not G then return { 'NONE' } end
end
local head = redis.call('HMGET', key('head'), 'seq', 'position', 'format', 'events')
if not head[1] then return { 'NONE' } end
local answer = { 'OK', G, head[1], head[2], head[3], head[4] or '0', 0 }
if ARGV[3] ~= G or not newest(ARGV[4], ARGV[5]) then return answer end
answer[7] = 1
local most = tonumber(ARGV[6])
if head[1] == ARGV[4] then return answer end
for _, register in ipairs(REGISTERS) do
  local codes = redis.call('ZRANGEBYSCORE', key('changed:' .. register), '(' .. ARGV[4], '+inf', 'LIMIT', 0, most + 1)
  most = most - #codes
  if most < 0 then
    return { 'OK', G, head[1], head[2], head[3], head[4] or '0', 0 }
  end
  answer[#answer + 1] = codes
end
return answer
