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
    answer[#answer + 1] = code
    answer[#answer + 1] = channels_in(entry)
  end
end
return answer
