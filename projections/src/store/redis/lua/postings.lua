-- Names of the postings of a generation, a part at a time: cursor.
local scanned = redis.call('SSCAN', key('keys'), ARGV[3], 'COUNT', 512)
return { 'OK', scanned[1], scanned[2] }
