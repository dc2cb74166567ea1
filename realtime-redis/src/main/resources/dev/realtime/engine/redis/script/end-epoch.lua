-- Ends an epoch in which offsets were reused or a publication was lost: starts another one that no client can recover
-- into. If the epoch has already ended with its generation, the loss is recorded there.
--
-- KEYS  1 meta hash, 2 stream. Both of one channel, so both carry the tag of its partition.
-- ARGV  1 token of the call, 2 PUBLISH or SPUBLISH, 3 the epoch, 4 name to publish under, see publish.lua
-- Returns 1 if another epoch was started, 0 if a loss was recorded since that epoch already or there is no stream, -1
--       if the stream does not know that epoch
-- Atomic: comparison, change and publication of the change.

if redis.call('EXISTS', KEYS[1]) == 0 then
  return 0
end
local stream = open(ARGV[1])
local since, noted = false, false
for past, boundary, seen in string.gmatch(stream[3], '([^;,]+),(%d+),([^;,]+);') do
  since = since or past == ARGV[3]
  noted = noted or (since and (tonumber(seen) or -1) > tonumber(boundary))
end
if noted then
  return 0
end
if not since and stream[1] ~= ARGV[3] then
  return -1
end
local epoch = new_epoch(ARGV[1], 'ended', KEYS[1])
redis.call('HSET', KEYS[1], 'e', epoch, 'b', extend(stream[3], stream[1], stream[2], BEYOND))
redis.call(ARGV[2], ARGV[4], 't' .. string.format('%.0f', stream[2]) .. ':' .. epoch)
return 1
