-- Returns the positions of many channels of one partition; creates no stream and starts no epoch.
--
-- KEYS  meta hashes. All of one partition, so all carry its tag.
-- ARGV  time-to-live in ms of each position that is to be kept alive, in the order of the keys; none to keep no
--       position
-- Returns {offset, epoch} of each, flat; the epoch is empty where there is no stream, and where the generation of Redis
--       is no longer that of the epoch or must not be read, so that the stream has to be read to know
-- Atomic: the reply is a snapshot. Work is bounded by the caller: some hundred channels.

local present = generation()
local positions = {}
for i, key in ipairs(KEYS) do
  local meta = redis.call('HMGET', key, 's', 'e', 'g')
  local valid = meta[2] and present ~= '' and is_present(meta[2], meta[3])
  if valid and ARGV[i] then
    keep(key, tonumber(ARGV[i]))
  end
  positions[2 * i - 1] = valid and tonumber(meta[1]) or 0
  positions[2 * i] = valid and meta[2] or ''
end
return positions
