-- Returns the clients that are present in a channel, or their number, from a replica.
--
-- KEYS  1 infos, 2 expiry, 3 users of a channel, see open-presence.lua
-- ARGV  1 time in ms of the node, 2 most clients to read, or 0 to count them
-- Returns what presence-all.lua and presence-stats.lua return, or nothing if the primary is to be asked: if no client
--       is present, which may only seem so while the slot moves, or if an entry has expired
-- Atomic: the reply is a snapshot. Work is bounded by the number of clients to read.

if not present_generation() or redis.call('EXISTS', KEYS[1], KEYS[2], KEYS[3]) < 3 then
  return {}
end
if redis.call('ZCOUNT', KEYS[2], '-inf', string.format('%.0f', now_millis(ARGV[1]))) > 0 then
  return {}
end
local clients = redis.call('HLEN', KEYS[1])
if ARGV[2] == '0' then
  return {0, clients, redis.call('HLEN', KEYS[3])}
end
if clients > tonumber(ARGV[2]) then
  return {2, clients}
end
return {0, redis.call('HGETALL', KEYS[1])}
