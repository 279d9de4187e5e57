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
    local documents = entry[4]
    local channels = 3
    if #documents == 2 then channels = (documents[1] and 1 or 0) + (documents[2] and 2 or 0) end
    answer[#answer + 1] = code
    answer[#answer + 1] = channels
  end
end
return answer
