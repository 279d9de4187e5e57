-- Documents of entries: seq, position, then register and code of each.
local seq = tonumber(ARGV[3])
if not newest(ARGV[3], ARGV[4]) then return { 'OUTLIVED' } end
local found = { 'OK', redis.call('HGET', key('head'), 'position') }
for i = 5, #ARGV, 2 do
  local entry, current = version(ARGV[i], ARGV[i + 1], seq)
  local answer = { current and 1 or 0 }
  if entry then
    for _, document in ipairs(entry[4]) do answer[#answer + 1] = document end
  end
  found[#found + 1] = answer
end
return found
