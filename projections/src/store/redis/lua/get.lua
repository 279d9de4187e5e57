-- Documents of entries: seq, position, whether the entry that a lone one leads to is told as well, then register and code of each.
-- Answers whether each is unchanged since, and its documents; then register and code of the one that it leads to, and the same of it.
local seq = tonumber(ARGV[3])
if not newest(ARGV[3], ARGV[4]) then return { 'OUTLIVED' } end
local found = { 'OK', redis.call('HGET', key('head'), 'position') }

local function tell(register, code)
  local entry, current = version(register, code, seq)
  found[#found + 1] = current and 1 or 0
  found[#found + 1] = entry and documents_of(entry) or ''
  return entry
end

local entry
for i = 6, #ARGV, 2 do entry = tell(ARGV[i], ARGV[i + 1]) end
if entry and ARGV[5] == '1' then
  local register, code = leads_to(entry)
  if register then
    found[#found + 1] = register
    found[#found + 1] = code
    tell(register, code)
  end
end
return found
