-- Removes a stopping node from the live nodes.
--
-- KEYS  1 descriptions, 2 expiry, see control-beat.lua
-- ARGV  1 node id
-- Returns whether it was there
-- Atomic: both keys.

redis.call('HDEL', KEYS[1], ARGV[1])
return redis.call('ZREM', KEYS[2], ARGV[1])
