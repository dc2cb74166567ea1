-- Returns the positions and epochs of streams. Starts the next epoch of those that were last used in another generation
-- of Redis; creates no stream.
--
-- KEYS  meta hashes. All of one partition, so all carry its tag.
-- ARGV  1 token of the call
-- Returns {offset, epoch, past epochs} of each, flat; both texts are empty where there is no stream
-- Atomic: the reply is a snapshot. Work is bounded by the caller: some hundred channels.

local epochs = {}
for i, key in ipairs(KEYS) do
  local stream = reopen(ARGV[1], key)
  epochs[3 * i - 2] = stream and stream[2] or 0
  epochs[3 * i - 1] = stream and stream[1] or ''
  epochs[3 * i] = stream and stream[3] or ''
end
return epochs
