-- Keys that have documents, a part at a time: seq, position, register, cursor. Entries are never taken out of a generation, so a
-- scan meets all of them.
local seq = tonumber(ARGV[3])
if not newest(ARGV[3], ARGV[4]) then return { 'OUTLIVED' } end
local scanned = redis.call('HSCAN', key('e:' .. ARGV[5]), ARGV[6], 'COUNT', 256)
local answer = { 'OK', scanned[1] }
for i = 1, #scanned[2], 2 do
  local code = scanned[2][i]
  local entry = version(ARGV[5], code, seq)
  if entry then
    -- Each document has its length before it, 10 digits; a channel without one has the length 0.
    local documents, channels = documents_of(entry), 3
    local first = tonumber(string.sub(documents, 1, 10))
    local second = string.sub(documents, first + 11, first + 20)
    if second ~= '' then channels = (first > 0 and 1 or 0) + (tonumber(second) > 0 and 2 or 0) end
    answer[#answer + 1] = code
    answer[#answer + 1] = channels
  end
end
return answer
