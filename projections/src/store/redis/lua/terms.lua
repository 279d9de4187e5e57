-- Most entries that may have changed since a snapshot before it is given up: each is looked at anew by every search.
local MOST_CHANGED = 4000

local function has_all(entry, channel, terms)
  local has = {}
  for _, term in ipairs(terms_of(entry)) do
    local channels = string.byte(term, 1) - 48
    if channels == 3 or channels == channel then has[string.sub(term, 2)] = true end
  end
  for _, term in ipairs(terms) do
    if not has[term] then return false end
  end
  return true
end

-- What changed since the snapshot: the codes, for which postings say nothing, and those of them that had all terms then.
local function changed_since(seq, head, register, channel, terms)
  local changed, matching = {}, {}
  if head == seq then return changed, matching end
  local codes = redis.call('ZRANGEBYSCORE', key('changed:' .. register), '(' .. seq, '+inf', 'LIMIT', 0, MOST_CHANGED + 1)
  if #codes > MOST_CHANGED then return nil end
  for _, code in ipairs(codes) do
    changed[code] = true
    local entry = version(register, code, seq)
    if entry and has_all(entry, channel, terms) then matching[#matching + 1] = code end
  end
  return changed, matching
end

local function postings(register, channel, terms)
  local keys = {}
  for i, term in ipairs(terms) do keys[i] = key('p:' .. register .. ':' .. channel .. ':' .. term) end
  return keys
end

-- seq, position, register, channel, then as the script says, the terms last.
local function asked(first_term)
  local terms = {}
  for i = first_term, #ARGV do terms[#terms + 1] = ARGV[i] end
  return tonumber(ARGV[3]), ARGV[5], tonumber(ARGV[6]), terms
end
