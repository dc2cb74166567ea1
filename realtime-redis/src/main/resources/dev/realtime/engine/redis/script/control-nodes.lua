-- Returns the live nodes.
--
-- KEYS  1 descriptions, 2 expiry, see control-beat.lua
-- ARGV  1 time in ms of the node
-- Returns {node id, time at which it counts as dead, description, ...}; a description that was lost is empty
-- Atomic: the reply is a snapshot. Writes nothing.

local living = redis.call('ZRANGEBYSCORE', KEYS[2], string.format('(%.0f', now_millis(ARGV[1])), '+inf', 'WITHSCORES')
local nodes = {}
for at = 1, #living, 2 do
  nodes[#nodes + 1] = living[at]
  nodes[#nodes + 1] = living[at + 1]
  nodes[#nodes + 1] = redis.call('HGET', KEYS[1], living[at]) or ''
end
return nodes
