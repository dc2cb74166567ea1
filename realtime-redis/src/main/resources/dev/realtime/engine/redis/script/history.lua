-- Reads the stream of a channel and its position at the same moment.
--
-- KEYS  1 meta hash, 2 stream. Both of one channel, so both carry the tag of its partition.
-- ARGV  1 token of the call, 2 time-to-live of the position in ms, or 0 to read without keeping or creating a stream,
--       3 XRANGE, XREVRANGE, or empty for the position alone, 4 first id, 5 last id, 6 most entries, or -1
-- Returns {offset, epoch, past epochs, entries}; epoch is empty if there is no stream and none was to be created
-- Atomic: position and entries belong together. Work is bounded by the size of the history.

if ARGV[2] == '0' and redis.call('EXISTS', KEYS[1]) == 0 then
  return {0, '', '', {}}
end
local stream = open(ARGV[1])
if ARGV[2] ~= '0' then
  keep(KEYS[1], tonumber(ARGV[2]))
end
local entries = read_entries(KEYS[2], stream[2], stream[6], ARGV[3], ARGV[4], ARGV[5], ARGV[6])
return {stream[2], stream[1], stream[3], entries}
