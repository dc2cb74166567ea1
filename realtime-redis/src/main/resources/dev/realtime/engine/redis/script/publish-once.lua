-- Publishes to a channel without history, unless its idempotency key was used before.
--
-- KEYS  1 idempotency key, with the tag of the partition of the channel
-- ARGV  1 message, 2 ms to remember the key, 3 PUBLISH or SPUBLISH, 4 name to publish under, see publish.lua
-- Returns {offset, epoch, 0 published | 1 suppressed by key}; offset and epoch are those of the first publish, 0 and
--       empty if it had none
-- Atomic: the check of the key and the publish.

local first = redis.call('GET', KEYS[1])
-- Empty where it was only created to have a key, see MissingKeys.
if first and first ~= '' then
  local colon = string.find(first, ':', 1, true)
  return {tonumber(string.sub(first, 1, colon - 1)), string.sub(first, colon + 1), 1}
end
redis.call('SET', KEYS[1], '0:', 'PX', ARGV[2])
redis.call(ARGV[3], ARGV[4], ARGV[1])
return {0, '', 0}
