-- Renews the lease of a node, and records the changes of its channels.
--
-- KEYS  1 leases, 2 counts, 3 share of the node, see open-occupancy.lua
-- ARGV  1 node id, 2 ms of the lease, 3 number of the last change, 4 time in ms of the node; then a channel for each
--       change, behind '+' if it got its first subscriber on the node or '-' if it lost its last. Without changes the
--       keys are kept alive and lapsed leases are searched for; the number is then the latest that the share is to
--       have, or 0.
-- Returns {number of the latest change before, 1 if the lease had not ended | 0, id of a node whose lease ended | '',
--       then for each change 1 if it made the channel occupied or vacated | 0}
-- Atomic: all of it. Work is bounded by the caller, some hundred changes.

local leases, counts, share, node = KEYS[1], KEYS[2], KEYS[3], ARGV[1]
local changes = #ARGV - 4
local now = now_millis(ARGV[4])
local lease = redis.call('ZSCORE', leases, node)
if redis.call('EXISTS', leases, counts) == 1 or (lease and redis.call('EXISTS', share) == 0) then
  redis.call('DEL', leases, counts)
  lease = false
end
local before = 0
if lease then
  before = -tonumber(redis.call('ZSCORE', share, '') or 0)
else
  redis.call('DEL', share)
  redis.call('HSETNX', counts, '', '0')
end
redis.call('ZADD', share, number(-math.max(before, tonumber(ARGV[3]))), '')
redis.call('ZADD', leases, number(now + ARGV[2]), node)

local living = lease and tonumber(lease) > now
local reply = {before, living and 1 or 0, ''}
local change = ARGV[3] - changes
for at = 5, #ARGV do
  local channel = string.sub(ARGV[at], 2)
  local made = 0
  change = change + 1
  if string.sub(ARGV[at], 1, 1) == '+' then
    local known = redis.call('ZSCORE', share, channel)
    if not known then
      made = redis.call('HINCRBY', counts, channel, 1) == 1 and 1 or 0
      redis.call('ZADD', share, number(2 * change + made), channel)
    elseif math.floor(known / 2) == change then
      made = known % 2
    end
  elseif redis.call('ZREM', share, channel) == 1 and uncount(counts, channel) then
    made = 1
  end
  reply[at - 1] = made
end

if changes == 0 or not lease then
  for key = 1, 3 do
    redis.call('PEXPIRE', KEYS[key], ARGV[2] * 10)
  end
  reply[3] = redis.call('ZRANGEBYSCORE', leases, '-inf', number(now), 'LIMIT', 0, 1)[1] or ''
end
return reply
