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

-- A version of an entry is one text: four numbers of 15 digits, which are that of the commit that wrote it, that of the version before
-- or 0, the length of the documents, and that of what it leads to; the documents; what it leads to, `REGISTER CODE` or nothing; the terms
-- in MessagePack. So nothing is taken apart that is only handed on.
local HEAD = 60

local function commit_of(raw)
  return tonumber(string.sub(raw, 1, 15))
end

local function before(raw)
  return tonumber(string.sub(raw, 16, 30))
end

local function ends_of(raw)
  local documents = HEAD + tonumber(string.sub(raw, 31, 45))
  return documents, documents + tonumber(string.sub(raw, 46, HEAD))
end

local function documents_of(raw)
  local documents = ends_of(raw)
  return string.sub(raw, HEAD + 1, documents)
end

local function leads_to(raw)
  local documents, led = ends_of(raw)
  return string.match(string.sub(raw, documents + 1, led), '^(%S+) (%S+)$')
end

local function terms_of(raw)
  local _, led = ends_of(raw)
  return cmsgpack.unpack(string.sub(raw, led + 1))
end

-- An entry as it was after a commit. While `past` has the commit, the chain of versions is whole as far as it is followed.
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
