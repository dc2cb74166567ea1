-- Sends a command to all nodes, and keeps it for nodes whose subscription is interrupted.
--
-- KEYS  1 stream of commands, with the tag of the control bus
-- ARGV  1 command, 2 commands to keep, 3 ms to keep them, 4 PUBLISH or SPUBLISH, 5 name to publish under, see
--       publish.lua, 6 identity of the command, 7 ms to keep the stream, 8 time in ms of the node
-- Returns the id under which it is kept
-- Atomic: all of it, so that commands arrive in the order of their ids. Each entry names the one before it, so that a
--       reader notices a missing one.

local latest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local previous = latest[1] and latest[1][1] or '0-0'
local oldest = string.format('%.0f', now_millis(ARGV[8]) - ARGV[3])
local id = redis.call('XADD', KEYS[1], 'MINID', oldest, '*', 'p', previous, 'i', ARGV[6], 'c', ARGV[1])
redis.call('XTRIM', KEYS[1], 'MAXLEN', '~', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[7])
redis.call(ARGV[4], ARGV[5], 'c' .. id .. ':' .. previous .. ':' .. ARGV[6] .. ':' .. ARGV[1])
return id
