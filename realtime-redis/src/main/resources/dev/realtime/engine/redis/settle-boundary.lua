-- Notes how far a past epoch of a stream was seen. The number only ever grows.
--
-- KEYS  1 meta hash of a channel
-- ARGV  1 past epoch, 2 highest offset of it that any node is known to have had
-- Returns the past epochs as they are noted now, see open-stream.lua
-- Atomic: reading and writing the note.

local past = redis.call('HGET', KEYS[1], 'b') or ''
local settled = string.gsub(past, '([^;]+),(%d+),([^;]+);', function(epoch, boundary, seen)
  if epoch == ARGV[1] and (seen == '?' or tonumber(seen) < tonumber(ARGV[2])) then
    return epoch .. ',' .. boundary .. ',' .. ARGV[2] .. ';'
  end
end)
if settled ~= past then
  redis.call('HSET', KEYS[1], 'b', settled)
end
return settled
