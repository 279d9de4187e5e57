-- Documents of entries: seq, position, then of each whether the entry that it leads to is told as well, channel, register and code.
-- Answers of each whether it is unchanged since, whether what follows is of both channels, and its document; then, if that was wanted, register and
-- code of the one that it leads to and the same of that, or an empty register.
local seq = tonumber(ARGV[3])
local head, position = newest(ARGV[3], ARGV[4])
if not head then return { 'OUTLIVED' } end
local found = { 'OK', position }

local function add(current, of_both, document)
  found[#found + 1] = current and 1 or 0
  found[#found + 1] = of_both and 1 or 0
  found[#found + 1] = document
end

local function tell_version(register, code, channel)
  local entry, current = version(register, code, seq)
  if not entry then
    add(current, true, '')
    return nil
  end
  local document, of_both = document_of(register, code, entry, current, channel)
  add(current, of_both, document)
  return led_of(entry)
end

-- What is asked of the newest commit is the newest of every entry: one look at its documents, and at no version unless there is none.
-- Returns what the entry leads to.
local function tell_newest(register, code, channel)
  local kept = redis.call('HMGET', key('d:' .. register), beside(code, channel), code, beside(code, 'n'))
  local document = kept[1] or kept[2]
  if not document then return tell_version(register, code, channel) end
  add(true, not kept[1], document)
  return kept[3]
end

local tell = head == seq and tell_newest or tell_version

for i = 5, #ARGV, 4 do
  local channel = tonumber(ARGV[i + 1])
  local led = tell(ARGV[i + 2], ARGV[i + 3], channel)
  if ARGV[i] == '1' then
    local register, code
    if led then register, code = string.match(led, '^(%S+) (%S+)$') end
    found[#found + 1] = register or ''
    if register then
      found[#found + 1] = code
      tell(register, code, channel)
    end
  end
end
return found
