-- Whether the lease is the one that the caller was given. Its text has the fence in it, so it is given once.
local function leads(lease)
  return redis.call('GET', P .. 'lease') == lease
end

local function fence_of(lease)
  return tonumber(string.match(lease, '^%d+'))
end

local function milliseconds()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end
