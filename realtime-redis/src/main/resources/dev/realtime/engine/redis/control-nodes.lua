-- Reads the nodes that live.
--
-- KEYS  1 descriptions, 2 expiry, see control-beat.lua
-- ARGV  none
-- Returns {node id, description, ...}; a description that was lost is empty
-- Atomic: of one moment. Writes nothing.

local now = redis.call('TIME')
local millis = now[1] * 1000 + math.floor(now[2] / 1000)
local nodes = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], string.format('(%.0f', millis), '+inf')) do
  nodes[#nodes + 1] = id
  nodes[#nodes + 1] = redis.call('HGET', KEYS[1], id) or ''
end
return nodes
