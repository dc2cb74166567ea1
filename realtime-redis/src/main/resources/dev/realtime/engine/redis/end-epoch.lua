-- Ends an epoch of which a node found that its offsets were given away twice, without a new generation to show it: another one
-- begins, into which nobody goes on.
--
-- KEYS  1 meta hash, 2 stream. Both of one channel, so both carry the tag of its partition.
-- ARGV  1 token of the call, 2 PUBLISH or SPUBLISH, 3 the epoch, 4 name to publish under, see publish.lua
-- Returns 1 if that was the epoch of the stream until now, else 0: somebody else found it before
-- Atomic: comparison and change, and what tells of it.

if redis.call('HGET', KEYS[1], 'e') ~= ARGV[3] then
  return 0
end
local stream = open(ARGV[1])
local epoch = new_epoch(ARGV[1], 'ended', KEYS[1])
redis.call('HSET', KEYS[1], 'e', epoch, 'b', extend(stream[3], stream[1], stream[2], BEYOND))
redis.call(ARGV[2], ARGV[4], 't' .. string.format('%.0f', stream[2]) .. ':' .. epoch)
return 1
