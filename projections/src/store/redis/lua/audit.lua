-- Entries as they are kept, a part at a time: seq, position, register, cursor. Of each its code, then its documents, what it leads to
-- and its terms; nothing where it was not there yet, and a word where what is kept is none of ours.
local seq = tonumber(ARGV[3])
if not newest(ARGV[3], ARGV[4]) then return { 'OUTLIVED' } end
local scanned = redis.call('HSCAN', key('e:' .. ARGV[5]), ARGV[6], 'COUNT', 128)
local answer = { 'OK', scanned[1] }
for i = 1, #scanned[2], 2 do
  local code = scanned[2][i]
  local whole, told = pcall(function()
    local entry, current = version(ARGV[5], code, seq)
    if not entry then return {} end
    local documents = documents_of(ARGV[5], code, entry, current)
    if channels_of_documents(documents) ~= channels_in(entry) then error('channels differ') end
    return { documents, led_of(entry), terms_of(entry) }
  end)
  answer[#answer + 1] = code
  answer[#answer + 1] = whole and told or { 'BROKEN' }
end
return answer
