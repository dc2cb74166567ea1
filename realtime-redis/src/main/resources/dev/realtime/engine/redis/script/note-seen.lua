-- Records how far past epochs of a stream were seen; each number only ever grows. If more was seen than was kept, and
-- this was unknown before, starts an epoch that no client can recover into: clients that subscribed after that loss, or
-- continued over it, are notified of it.
--
-- KEYS  1 meta hash, 2 stream. Both of one channel, so both carry the tag of its partition.
-- ARGV  1 token of the call, 2 PUBLISH or SPUBLISH, 3 name to publish under, see publish.lua, then pairs: past epoch,
--       highest offset of it that some node is known to have had
-- Returns whether another epoch was started, 0 or 1
-- Atomic: reading and writing the record, and the new epoch with its publication.

if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
local stream = open(ARGV[1])
local past, lost = stream[3], false
for i = 4, #ARGV, 2 do
  local now = tonumber(ARGV[i + 1])
  past = string.gsub(past, '([^;,]+),(%d+),([^;,]+);', function(epoch, boundary, seen)
    if epoch ~= ARGV[i] or (tonumber(seen) or -1) >= now then
      return nil
    end
    lost = lost or now > tonumber(boundary)
    return epoch .. ',' .. boundary .. ',' .. ARGV[i + 1] .. ';'
  end)
end
if past == stream[3] then
  return 0
end
if not lost then
  redis.call('HSET', KEYS[1], 'b', past)
  return 0
end
local epoch = new_epoch(ARGV[1], 'told', KEYS[1])
redis.call('HSET', KEYS[1], 'e', epoch, 'b', extend(past, stream[1], stream[2], BEYOND))
redis.call(ARGV[2], ARGV[3], 't' .. string.format('%.0f', stream[2]) .. ':' .. epoch)
return 1
