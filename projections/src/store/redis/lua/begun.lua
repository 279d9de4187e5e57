-- What commits have begun to show and is not written down, the oldest first: most of the notes, one of a commit each.
return { 'OK', unpack(redis.call('LRANGE', P .. 'begun', 0, tonumber(ARGV[3]) - 1)) }
