-- Announces this node to the others, removes nodes whose announcement has expired, and returns the live nodes.
--
-- KEYS  1 hash of node id to description, 2 sorted set of node id by the time in ms at which it counts as dead. Both
--       carry the tag of the control bus.
-- ARGV  1 node id, 2 description, 3 ms until it counts as dead, 4 time in ms of the node
-- Returns {what the second key had of this node before or '', node id, time, ...}
-- Atomic: all of it. Time is that of the server, see open-clock.lua.

local millis = now_millis(ARGV[4])
local before = redis.call('ZSCORE', KEYS[2], ARGV[1]) or ''
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], string.format('%.0f', millis + ARGV[3]), ARGV[1])
local dead = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', string.format('%.0f', millis), 'LIMIT', 0, 100)
if #dead > 0 then
  redis.call('HDEL', KEYS[1], unpack(dead))
  redis.call('ZREM', KEYS[2], unpack(dead))
end
redis.call('PEXPIRE', KEYS[1], ARGV[3] * 10)
redis.call('PEXPIRE', KEYS[2], ARGV[3] * 10)
local reply = redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', '+inf', 'WITHSCORES')
table.insert(reply, 1, before)
return reply
