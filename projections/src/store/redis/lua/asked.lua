-- What was asked for and is not done: its id, and why it was given up, if it was.
local asked = redis.call('HMGET', P .. 'rebuild', 'id', 'failed')
return { 'OK', asked[1] or '', asked[2] or '' }
