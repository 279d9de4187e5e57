-- Documents of entries: seq, position, then of each whether the entry that it leads to is told as well, register and code.
-- Answers of each whether it is unchanged since, and its documents; then, if that was wanted, register and code of the one that it leads
-- to and the same of that, or an empty register.
local seq = tonumber(ARGV[3])
if not newest(ARGV[3], ARGV[4]) then return { 'OUTLIVED' } end
local found = { 'OK', redis.call('HGET', key('head'), 'position') }

local function add(value)
  found[#found + 1] = value
end

local function tell(register, code)
  local entry, current = version(register, code, seq)
  add(current and 1 or 0)
  add(entry and documents_of(register, code, entry, current) or '')
  return entry
end

for i = 5, #ARGV, 3 do
  local entry = tell(ARGV[i + 1], ARGV[i + 2])
  if ARGV[i] == '1' then
    local register, code
    if entry then register, code = string.match(led_of(entry), '^(%S+) (%S+)$') end
    add(register or '')
    if register then
      add(code)
      tell(register, code)
    end
  end
end
return found
