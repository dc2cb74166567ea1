-- Returns the stream of a channel and its position at the same moment, from a replica.
--
-- KEYS  1 meta hash, 2 stream, see open-stream.lua. Both of one channel, so both carry the tag of its partition.
-- ARGV  1 XRANGE, XREVRANGE, or empty for the position alone, 2 first id, 3 last id, 4 most entries, or -1
-- Returns {offset, epoch, past epochs, entries}, or nothing if the primary is to be asked
-- Atomic: position and entries belong together. Work is bounded by the size of the history.

local meta = redis.call('HMGET', KEYS[1], 'e', 's', 'g', 'b', 'k')
local generation = present_generation()
-- Without the hash there is no stream, or the slot is moving and it is elsewhere already.
if not generation or not meta[1] or meta[3] ~= generation then
  return {}
end
local offset = tonumber(meta[2] or '0') or 0
local entries = read_entries(KEYS[2], offset, tonumber(meta[5] or ''), ARGV[1], ARGV[2], ARGV[3], ARGV[4])
return {offset, meta[1], meta[4] or '', entries}
