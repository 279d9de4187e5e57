-- A batch: lease, base, checkpoint, number of events, milliseconds that overwritten versions are kept, most of them, what it begins to show
-- (see docs/redis.md) or nothing, then by entry: register, code, which documents it has, that of online or both, that of the counter alone,
-- what it leads to, number of terms, terms. Every check comes before the first write.
if not leads(ARGV[3]) then return { 'LEASE' } end
if G == '' then
  G = redis.call('GET', P .. 'live')
  if not G then return { 'NONE' } end
end
local head = redis.call('HMGET', key('head'), 'seq', 'position', 'fence')
if not head[1] then return { 'NONE' } end
local fence = fence_of(ARGV[3])
if tonumber(head[3]) > fence then return { 'LEASE' } end
if head[2] ~= ARGV[4] then return { 'MOVED', head[2] } end

local seq = tonumber(head[1]) + 1
local live = redis.call('GET', P .. 'live') == G
local now = milliseconds()
redis.call('HSET', key('head'), 'seq', seq, 'position', ARGV[5], 'fence', fence)
redis.call('HINCRBY', key('head'), 'events', ARGV[6])
-- Of a generation that nobody sees yet nothing begins.
if live and ARGV[9] ~= '' then redis.call('RPUSH', P .. 'begun', ARGV[9]) end

local overwritten = {}
local at = 10

local function take()
  at = at + 1
  return ARGV[at - 1]
end

local function channels_of(terms)
  local channels = {}
  for _, term in ipairs(terms) do channels[string.sub(term, 2)] = string.byte(term, 1) - 48 end
  return channels
end

local function put(posting, code)
  if redis.call('ZADD', posting, 0, code) == 1 and redis.call('ZCARD', posting) == 1 then
    redis.call('SADD', key('keys'), posting)
  end
end

while at <= #ARGV do
  local register, code = take(), take()
  local held, document, of_counter = tonumber(take()), take(), take()
  local led, terms = take(), {}
  for i = 1, tonumber(take()) do terms[i] = take() end

  local entries = key('e:' .. register)
  local kept = key('d:' .. register)
  local overwrites = redis.call('HGET', entries, code)
  local known, previous = {}, 0
  if overwrites then
    known, previous = channels_of(terms_of(overwrites)), commit_of(overwrites)
    if live then
      local field = register .. ':' .. code .. ':' .. previous
      redis.call('HSET', key('old'), field, overwrites)
      -- Nothing fails from here on: where somebody took the documents away, only snapshots of before lack them.
      local before = redis.call('HMGET', kept, code, beside(code, 1), beside(code, 2))
      for place, of in ipairs({ field, beside(field, 1), beside(field, 2) }) do
        if before[place] then redis.call('HSET', key('old-documents'), of, before[place]) end
      end
      overwritten[#overwritten + 1] = field
    end
  end
  if live then redis.call('ZADD', key('changed:' .. register), seq, code) end

  local has = channels_of(terms)
  local posting = key('p:' .. register .. ':')
  for term, channels in pairs(known) do
    local now_on = has[term] or 0
    for channel = 1, 2 do
      local was = channels == 3 or channels == channel
      local is = now_on == 3 or now_on == channel
      if was and not is then redis.call('ZREM', posting .. channel .. ':' .. term, code) end
    end
  end
  for term, channels in pairs(has) do
    local was_on = known[term] or 0
    for channel = 1, 2 do
      local was = was_on == 3 or was_on == channel
      local is = channels == 3 or channels == channel
      if is and not was then put(posting .. channel .. ':' .. term, code) end
    end
  end
  local head = string.format('%015d%015d%d%015d', seq, previous, held, #led)
  redis.call('HSET', entries, code, head .. led .. cmsgpack.pack(terms))
  if overwrites then redis.call('HDEL', kept, code, beside(code, 1), beside(code, 2), beside(code, 'n')) end
  local of_both, online, counter = fields_of(held)
  if of_both then redis.call('HSET', kept, code, document) end
  if online then redis.call('HSET', kept, beside(code, 1), document) end
  if counter then redis.call('HSET', kept, beside(code, 2), of_counter) end
  if led ~= '' then redis.call('HSET', kept, beside(code, 'n'), led) end
end
if not live then return { 'OK' } end

redis.call('HSET', key('past'), head[1], head[2])
redis.call('RPUSH', key('log'), cmsgpack.pack({ seq, now, overwritten }))
-- What no snapshot may ask for any more: too old, or too much.
local keep, most = tonumber(ARGV[7]), tonumber(ARGV[8])
while true do
  local first = redis.call('LINDEX', key('log'), 0)
  if not first then break end
  local record = cmsgpack.unpack(first)
  local fits = redis.call('HLEN', key('old')) <= most and redis.call('LLEN', key('log')) <= 10000
  if fits and now - record[2] <= keep then break end
  redis.call('LPOP', key('log'))
  redis.call('HDEL', key('past'), record[1] - 1)
  for i = 1, #record[3], 1000 do
    local last = math.min(i + 999, #record[3])
    redis.call('HDEL', key('old'), unpack(record[3], i, last))
    local documents = {}
    for j = i, last do
      for _, field in ipairs({ record[3][j], beside(record[3][j], 1), beside(record[3][j], 2) }) do documents[#documents + 1] = field end
    end
    redis.call('HDEL', key('old-documents'), unpack(documents))
  end
  for _, register in ipairs(REGISTERS) do
    redis.call('ZREMRANGEBYSCORE', key('changed:' .. register), '-inf', record[1])
  end
end
return { 'OK' }
