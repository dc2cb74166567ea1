-- Notes how far a past epoch of a stream was seen. The number only ever grows.
--
-- When that shows a loss that was not known, the stream goes on under another epoch which nobody recovers into: also who
-- subscribed since the boundary may have missed what was lost, and has to be told.
--
-- KEYS  1 meta hash of a channel, 2 stream, 3 name to publish under. All of one channel, so all carry the tag of its partition.
-- ARGV  1 token of the node, 2 past epoch, 3 highest offset of it that any node is known to have had, 4 PUBLISH or SPUBLISH
-- Returns the past epochs as they are noted now, see open-stream.lua
-- Atomic: all of it.

if redis.call('EXISTS', KEYS[1]) == 0 then
  return ''
end
local stream = open(ARGV[1])
local loss = false
local past = string.gsub(stream[3], '([^;]+),(%d+),([^;]+);', function(epoch, boundary, seen)
  if epoch == ARGV[2] and (seen == '?' or tonumber(seen) < tonumber(ARGV[3])) then
    local whole = seen == '?' or tonumber(seen) <= tonumber(boundary)
    loss = loss or (whole and tonumber(ARGV[3]) > tonumber(boundary))
    return epoch .. ',' .. boundary .. ',' .. ARGV[3] .. ';'
  end
end)
if loss then
  past = extend(past, stream[1], stream[2], LOST)
  local epoch = new_epoch(ARGV[1], 'loss')
  redis.call('HSET', KEYS[1], 'e', epoch, 'b', past)
  redis.call(ARGV[4], KEYS[3], 'e' .. epoch)
elseif past ~= stream[3] then
  redis.call('HSET', KEYS[1], 'b', past)
end
return past
