-- Removes the channels of a node that leaves, or whose lease ended; a limited number, so to be called again for the
-- rest.
--
-- KEYS  1 leases, 2 counts, 3 share of the node, see open-occupancy.lua
-- ARGV  1 node id, 2 'lapsed' | 'leaving', 3 time in ms of the calling node
-- Returns {1 if it has more | 0, channels that are vacated by it, ...}
-- Atomic: the channels of one call.

local leases, counts, share, node = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
local lease = redis.call('ZSCORE', leases, node)
if not lease or (ARGV[2] == 'lapsed' and tonumber(lease) > now_millis(ARGV[3])) then
  return {0}
end
if redis.call('EXISTS', counts, share) < 2 then
  redis.call('DEL', leases, counts, share)
  return {0}
end
local reply = {0}
local channels = redis.call('ZRANGEBYSCORE', share, '(0', '+inf', 'LIMIT', 0, MOST_CHANNELS)
for at = 1, #channels do
  redis.call('ZREM', share, channels[at])
  if uncount(counts, channels[at]) then
    reply[#reply + 1] = channels[at]
  end
end
if #channels == MOST_CHANNELS then
  -- If the node comes back it notices that channels were removed.
  redis.call('ZADD', share, 0, '')
  reply[1] = 1
else
  redis.call('ZREM', leases, node)
  redis.call('DEL', share)
end
return reply
