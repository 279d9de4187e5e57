-- ARGV: prefix of all keys, generation, then what each script says. Keys are in docs/redis.md.
local P, G = ARGV[1], ARGV[2]

local function key(name)
  return P .. G .. ':' .. name
end

-- The number of the newest commit and its position, if the store holds what a snapshot answers from; else nothing.
local function newest(seq, position)
  local head = redis.call('HMGET', key('head'), 'seq', 'position')
  if not head[1] then return nil end
  if head[1] == seq then
    if head[2] ~= position then return nil end
  elseif redis.call('HGET', key('past'), seq) ~= position then
    return nil
  end
  return tonumber(head[1]), head[2]
end

-- A version of an entry is up to three texts. Its documents stand in `d:REGISTER`, or in `old-documents`: Redis looks at every byte of a text that a
-- script gets, so only that one is got that is handed on. The document of both channels has the field of the entry, that of one alone has its digit
-- behind that; beside them, with an `n` behind, stands what the entry leads to, so that who asks for the newest needs no more. All else is one text in `e:REGISTER`, or in `old`: two numbers of 15 digits,
-- which are that of the commit that wrote it and that of the version before or 0; a digit for the documents (0 none, 1 one of the channel
-- online, 2 one of the counter, 3 one of both, 4 one of each); 15 digits for the length of what it leads to; that, `REGISTER CODE` or nothing; the
-- terms in MessagePack.
local HEAD = 46

local function commit_of(raw)
  return tonumber(string.sub(raw, 1, 15))
end

local function before(raw)
  return tonumber(string.sub(raw, 16, 30))
end

local function held_in(raw)
  return tonumber(string.sub(raw, 31, 31))
end

-- Which channels have a document: 1 online, 2 counter, 3 both.
local function channels_in(raw)
  return math.min(held_in(raw), 3)
end

-- The field of a part of an entry beside its own. No code has a colon.
local function beside(field, part)
  return field .. ':' .. part
end

-- Which fields documents have, of those of both, of online alone and of the counter alone.
local function fields_of(held)
  return held == 3, held == 1 or held == 4, held == 2 or held == 4
end

local function led_of(raw)
  return string.sub(raw, HEAD + 1, HEAD + tonumber(string.sub(raw, 32, HEAD)))
end

local function terms_of(raw)
  return cmsgpack.unpack(string.sub(raw, HEAD + 1 + tonumber(string.sub(raw, 32, HEAD))))
end

-- An entry as it was after a commit, and whether it still is so. While `past` has the commit, the chain of versions is whole as far as
-- it is followed.
local function version(register, code, seq)
  local raw = redis.call('HGET', key('e:' .. register), code)
  local current = true
  while raw do
    if commit_of(raw) <= seq then return raw, current end
    current = false
    local previous = before(raw)
    if previous == 0 then return nil, current end
    raw = redis.call('HGET', key('old'), register .. ':' .. code .. ':' .. previous)
    if not raw then error('a version is missing') end
  end
  return nil, current
end

-- Where the documents of a version stand: hash and field.
local function place_of(register, code, raw, current)
  if current then return key('d:' .. register), code end
  return key('old-documents'), register .. ':' .. code .. ':' .. commit_of(raw)
end

-- The document that a channel has of a version, or an empty text; and whether it is that of both channels.
local function document_of(register, code, raw, current, channel)
  local held = held_in(raw)
  if held == 0 then return '', true end
  if held < 3 and held ~= channel then return '', false end
  local hash, field = place_of(register, code, raw, current)
  if held ~= 3 then field = beside(field, channel) end
  local document = redis.call('HGET', hash, field)
  if not document then error('a document is missing') end
  return document, held == 3
end
