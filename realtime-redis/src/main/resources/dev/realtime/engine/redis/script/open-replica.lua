-- Prepended to every script that only reads, and may run on a replica.
--
-- An empty reply means: ask the primary. Only the primary can create a stream, start an epoch, and remove expired
-- entries.

-- Replicas are pinged by their primary every 10 s (repl-ping-replica-period).
local LONGEST_SILENCE_SECONDS = 15

-- The generation that this server has; nil if it may lag far behind, or does not say.
local function present_generation()
  local info = redis.pcall('INFO', 'replication')
  if type(info) ~= 'string' then
    return nil
  end
  if string.find(info, 'role:slave', 1, true) then
    local silence = tonumber(string.match(info, 'master_last_io_seconds_ago:(%d+)') or '')
    local linked = string.find(info, 'master_link_status:up', 1, true)
    if not linked or not silence or silence > LONGEST_SILENCE_SECONDS then
      return nil
    end
  end
  return string.match(info, 'master_replid:(%x+)')
end
