-- ARGV: prefix of all keys, generation, then what each script says. Keys are in docs/redis.md.
local P, G = ARGV[1], ARGV[2]

local function key(name)
  return P .. G .. ':' .. name
end

-- The number of the newest commit, if the store holds what a snapshot answers from; else nothing.
local function newest(seq, position)
  local head = redis.call('HMGET', key('head'), 'seq', 'position')
  if not head[1] then return nil end
  if head[1] == seq then
    if head[2] ~= position then return nil end
  elseif redis.call('HGET', key('past'), seq) ~= position then
    return nil
  end
  return tonumber(head[1])
end

-- A version of an entry is two texts. Its documents stand in `d:REGISTER`, or in `old-documents`: Redis looks at every byte of a text that a
-- script gets, so only those are got that are handed on. All else is one text in `e:REGISTER`, or in `old`: two numbers of 15 digits,
-- which are that of the commit that wrote it and that of the version before or 0; a digit for the channels that have a document (1
-- online, 2 counter, 3 both); 15 digits for the length of what it leads to; that, `REGISTER CODE` or nothing; the terms in MessagePack.
local HEAD = 46

local function commit_of(raw)
  return tonumber(string.sub(raw, 1, 15))
end

local function before(raw)
  return tonumber(string.sub(raw, 16, 30))
end

local function channels_in(raw)
  return tonumber(string.sub(raw, 31, 31))
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

-- The documents of a version.
local function documents_of(register, code, raw, current)
  local documents
  if current then
    documents = redis.call('HGET', key('d:' .. register), code)
  else
    documents = redis.call('HGET', key('old-documents'), register .. ':' .. code .. ':' .. commit_of(raw))
  end
  if not documents then error('documents are missing') end
  return documents
end

-- Which channels have one of the documents. Each has its length before it, 10 digits; a channel without one has the length 0, and one
-- document alone is that of both.
local function channels_of_documents(documents)
  local first = tonumber(string.sub(documents, 1, 10))
  local second = string.sub(documents, first + 11, first + 20)
  if second == '' then return first > 0 and 3 or 0 end
  return (first > 0 and 1 or 0) + (tonumber(second) > 0 and 2 or 0)
end
