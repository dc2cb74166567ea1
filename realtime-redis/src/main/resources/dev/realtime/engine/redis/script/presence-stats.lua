-- Returns the numbers of clients and users in a channel, without reading the clients.
--
-- KEYS  1 infos, 2 expiry, 3 users of a channel, see open-presence.lua
-- ARGV  1 time in ms of the node
-- Returns {1 if there are more expired entries, so that the caller has to ask again | 0, clients, users}
-- Atomic: the reply is a snapshot.

local more = purge(KEYS[1], KEYS[2], KEYS[3], now_millis(ARGV[1]))
return {more and 1 or 0, redis.call('HLEN', KEYS[1]), redis.call('HLEN', KEYS[3])}
