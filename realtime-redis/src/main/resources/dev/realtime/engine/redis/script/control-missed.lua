-- Returns the commands that were sent to all nodes after a given one.
--
-- KEYS  1 stream of commands
-- ARGV  1 id of that command, or empty for the id of the latest alone, 2 most commands, 3 time in ms of the node
-- Returns {id of the latest or 0-0, time in ms, {{id, fields as control-send.lua writes them}, ...}}
-- Atomic: the reply is a snapshot. Work is bounded by the number asked for.

local latest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local top = latest[1] and latest[1][1] or '0-0'
local now = string.format('%.0f', now_millis(ARGV[3]))
if ARGV[1] == '' then
  return {top, now, {}}
end
return {top, now, redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2])}
