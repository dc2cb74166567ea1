-- Deletes keys that hold another type than this engine keeps there, so that a channel does not fail forever.
--
-- KEYS  any of one channel, which all carry the tag of its partition
-- ARGV  the type that each must have
-- Returns how many were deleted
-- Atomic: check and deletion.

local deleted = 0
for i, key in ipairs(KEYS) do
  local found = redis.call('TYPE', key).ok
  if found ~= 'none' and found ~= ARGV[i] then
    deleted = deleted + redis.call('DEL', key)
  end
end
return deleted
