-- Entries as they are kept, a part at a time: seq, position, register, cursor. Of each its code, then which documents it has and these,
-- what it leads to and its terms; nothing where it was not there yet, and a word where what is kept is none of ours.
local seq = tonumber(ARGV[3])
if not newest(ARGV[3], ARGV[4]) then return { 'OUTLIVED' } end
local scanned = redis.call('HSCAN', key('e:' .. ARGV[5]), ARGV[6], 'COUNT', 128)
local answer = { 'OK', scanned[1] }
for i = 1, #scanned[2], 2 do
  local code = scanned[2][i]
  local whole, told = pcall(function()
    local entry, current = version(ARGV[5], code, seq)
    if not entry then return {} end
    local held = held_in(entry)
    local hash, field = place_of(ARGV[5], code, entry, current)
    local documents = redis.call('HMGET', hash, field, beside(field, 1), beside(field, 2))
    local there = { fields_of(held) }
    for place = 1, 3 do
      if (documents[place] and true or false) ~= there[place] then error('a document more or less') end
    end
    local led = led_of(entry)
    if current and (redis.call('HGET', hash, beside(field, 'n')) or '') ~= led then error('it leads elsewhere') end
    return { held, documents[1] or documents[2] or '', documents[3] or '', led, terms_of(entry) }
  end)
  answer[#answer + 1] = code
  answer[#answer + 1] = whole and told or { 'BROKEN' }
end
return answer
