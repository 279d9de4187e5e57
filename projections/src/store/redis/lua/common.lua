-- ARGV: prefix of all keys, generation, then what each script says. Keys are in docs/redis.md.
local P, G = ARGV[1], ARGV[2]
local REGISTERS = { 'agency', 'item', 'material', 'guide' }

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

-- An entry as it was after a commit: { number of the commit that wrote it, that of the version before or 0, terms, documents }.
-- While `past` has the commit, the chain of versions is whole as far as it is followed.
local function version(register, code, seq)
  local raw = redis.call('HGET', key('e:' .. register), code)
  local current = true
  while raw do
    local entry = cmsgpack.unpack(raw)
    if entry[1] <= seq then return entry, current end
    current = false
    if entry[2] == 0 then return nil, current end
    raw = redis.call('HGET', key('old'), register .. ':' .. code .. ':' .. entry[2])
    if not raw then error('a version is missing') end
  end
  return nil, current
end
