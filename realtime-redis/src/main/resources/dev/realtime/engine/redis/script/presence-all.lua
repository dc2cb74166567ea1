-- Returns the clients that are present in a channel.
--
-- KEYS  1 infos, 2 expiry, 3 users of a channel, see open-presence.lua
-- ARGV  1 time in ms of the node, 2 most clients to read
-- Returns {1 if there are more expired entries, so that the caller has to ask again | 2 if there are too many clients |
--       0, {client id, info, ...} or number of clients}
-- Atomic: the reply is a snapshot. Work is bounded by the number of clients to read.

if purge(KEYS[1], KEYS[2], KEYS[3], now_millis(ARGV[1])) then
  return {1, {}}
end
local clients = redis.call('HLEN', KEYS[1])
if clients > tonumber(ARGV[2]) then
  return {2, clients}
end
return {0, redis.call('HGETALL', KEYS[1])}
