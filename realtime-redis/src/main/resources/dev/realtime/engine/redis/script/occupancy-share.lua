-- Returns the channels that a node is believed to have subscribers in, page by page.
--
-- KEYS  1 share of the node, see open-occupancy.lua
-- ARGV  1 score of the last channel of the page before | 0
-- Returns {channel, score, ...}, the lowest scores first; none behind the last page
-- Atomic: a page. A channel that is there all the time is on one of the pages.

return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, MOST_CHANNELS)
