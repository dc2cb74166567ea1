-- Prepended to every script of occupancy.
--
-- Three keys of one partition, so all carry its tag:
--   leases   sorted set of node id by the time in ms at which its lease ends
--   counts   hash of channel to the number of nodes with a lease that have subscribers in it
--   share    one for each node, sorted set of the channels that node has subscribers in. The score is twice the number
--            of the change that put the channel there, and one more if that made it occupied, so that the reply to a
--            repeated change is the first reply.
-- The empty name, which no channel has, is in counts so that the key is never empty, and in share with the latest
-- number, negative: it shows a node whether Redis lost some of its changes. A number is only as good as all three keys
-- together: where one of them is missing the partition starts over, and the nodes report their channels again.
-- Time is that of the server, see open-clock.lua.

-- Channels of one call, besides those that the caller bounds.
local MOST_CHANNELS = 200

local function number(value)
  return string.format('%.0f', value)
end

-- Counts one node less with subscribers in a channel; returns whether none is left.
local function uncount(counts, channel)
  if redis.call('HINCRBY', counts, channel, -1) > 0 then
    return false
  end
  redis.call('HDEL', counts, channel)
  return true
end
