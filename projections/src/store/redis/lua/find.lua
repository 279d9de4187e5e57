-- Codes by terms: seq, position, register, channel, after, limit, terms. Answers whether the postings were read to their end, how
-- far they were read, the codes of unchanged entries in order, and those of changed ones in any order, from the beginning.
local STEP, MOST = 512, 16384
local head = newest(ARGV[3], ARGV[4])
if not head then return { 'OUTLIVED' } end
local seq, register, channel, terms = asked(9)
local limit = tonumber(ARGV[8])
local changed, matching = changed_since(seq, head, register, channel, terms)
if not changed then return { 'OUTLIVED' } end

local sets = postings(register, channel, terms)
local smallest, size = 1, math.huge
for i, set in ipairs(sets) do
  local count = redis.call('ZCARD', set)
  if count < size then smallest, size = i, count end
end
local driver = table.remove(sets, smallest)

local found, looked, done = {}, 0, size == 0
local last = ARGV[7]
while not done and #found < limit and looked < MOST do
  local step = math.min(STEP, math.max(limit - #found, #sets > 0 and STEP or 1))
  local codes = redis.call('ZRANGEBYLEX', driver, last == '' and '-' or '(' .. last, '+', 'LIMIT', 0, step)
  done = #codes < step
  local misses = {}
  if #codes > 0 then
    for _, set in ipairs(sets) do
      for i, score in ipairs(redis.call('ZMSCORE', set, unpack(codes))) do
        if not score then misses[i] = true end
      end
    end
  end
  for i, code in ipairs(codes) do
    if #found == limit then
      done = false
      break
    end
    last = code
    if not misses[i] and not changed[code] then found[#found + 1] = code end
  end
  looked = looked + #codes
end
return { 'OK', done and 1 or 0, last, found, matching }
