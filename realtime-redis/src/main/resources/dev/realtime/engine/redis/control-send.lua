-- Sends a command to all nodes, and keeps it for those whose subscription is interrupted at this moment.
--
-- KEYS  1 stream of commands, with the tag of the control bus
-- ARGV  1 command, 2 commands to keep, 3 ms to keep them, 4 PUBLISH or SPUBLISH, 5 name to publish under, see publish.lua
-- Returns the id under which it is kept
-- Atomic: both, so that commands arrive in the order of their ids.

local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], '*', 'c', ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
redis.call(ARGV[4], ARGV[5], 'c' .. id .. ':' .. ARGV[1])
return id
