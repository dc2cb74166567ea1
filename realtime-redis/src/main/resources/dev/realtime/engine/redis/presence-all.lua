-- Reads who is present in a channel.
--
-- KEYS  1 infos, 2 expiry, 3 users of a channel, see open-presence.lua
-- ARGV  1 time in ms of the node
-- Returns {1 if there are more expired entries, so that the answer is to be asked for again | 0, {client id, info, ...}}
-- Atomic: the answer is of one moment. Work is bounded by the number of those present.

if purge(KEYS[1], KEYS[2], KEYS[3], now_millis(ARGV[1])) then
  return {1, {}}
end
return {0, redis.call('HGETALL', KEYS[1])}
