-- Number of entries by terms: seq, position, register, channel, terms.
local head = newest(ARGV[3], ARGV[4])
if not head then return { 'OUTLIVED' } end
local seq, register, channel, terms = asked(7)
local changed, matching = changed_since(seq, head, register, channel, terms)
if not changed then return { 'OUTLIVED' } end
local sets = postings(register, channel, terms)
local count = redis.call('ZINTERCARD', #sets, unpack(sets)) + #matching
for code in pairs(changed) do
  local everywhere = true
  for _, set in ipairs(sets) do everywhere = everywhere and redis.call('ZSCORE', set, code) end
  if everywhere then count = count - 1 end
end
return { 'OK', count }
