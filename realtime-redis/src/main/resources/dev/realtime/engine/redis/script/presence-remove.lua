-- Removes one client from a channel.
--
-- KEYS  1 infos, 2 expiry, 3 users of a channel, see open-presence.lua
-- ARGV  1 client id, 2 time in ms of the node
-- Returns whether it was there
-- Atomic: all of it.

purge(KEYS[1], KEYS[2], KEYS[3], now_millis(ARGV[2]))
local info = redis.call('HGET', KEYS[1], ARGV[1])
if not info then
  return 0
end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('ZREM', KEYS[2], ARGV[1])
uncount(KEYS[3], user_of(info))
return 1
