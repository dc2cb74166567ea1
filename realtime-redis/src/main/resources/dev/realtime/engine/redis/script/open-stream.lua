-- Prepended to every script that uses the position of a stream.
--
-- KEYS[1] of those scripts is the meta hash of the channel, KEYS[2] its stream. Fields of the hash:
--   e   epoch: the first 8 digits of the generation of Redis that it belongs to, zeros where that is not known, and 12
--       more
--   s   offset of the last publication
--   g   generation of Redis (master_replid) that e was started in; empty when INFO is forbidden
--   b   past epochs of the same stream, oldest first, as "epoch,boundary,seen;": the offset at which the epoch ended,
--       and the highest offset of it that some node is known to have had, '?' as long as nothing is recorded
--   k   publications to keep, as the last publish had it; absent in streams of an earlier build, which has no more
--   v, ve   version of the last publication that had one, and its version epoch
--
-- The fence. A replica that is promoted may lack acknowledged publications and would reuse their offsets.
-- But it has another generation than the server that acknowledged them, and here both are compared in the same atomic
-- step that assigns offsets: a stream never continues under the same epoch in another generation.

local PAST_EPOCHS = 8

-- Recorded as seen where the number of lost publications is unknown: the largest number that scripts can compare.
local BEYOND = '9007199254740991'

-- Restarts the time-to-live of a key: a tenth more than asked for.
local function restart(key, ttl)
  redis.call('PEXPIRE', key, string.format('%.0f', ttl * 1.1))
end

-- Has a key live for up to a tenth longer than asked for, never shorter: while enough is left, the write and its
-- replication are skipped. To be called after the first write that needs memory: Redis checks its memory only for the
-- first write of a script, and this one needs none.
local function keep(key, ttl)
  local left = redis.call('PTTL', key)
  if left < ttl or left > ttl * 1.1 then
    restart(key, ttl)
  end
end

-- The generation of the server that runs this script; empty if it must not be read.
local known_generation
local function generation()
  if not known_generation then
    local info = redis.pcall('INFO', 'replication')
    known_generation = type(info) == 'string' and string.match(info, 'master_replid:(%x+)') or ''
  end
  return known_generation
end

-- Unique without randomness, which scripts lack: the token of each call is different.
local function new_epoch(token, salt, key)
  local present = generation()
  local beginning = present == '' and '00000000' or string.sub(present, 1, 8)
  return beginning .. string.sub(redis.sha1hex(token .. salt .. key), 1, 12)
end

-- The past with one more epoch, and how far that was seen.
local function extend(past, epoch, boundary, seen)
  local entries = {}
  local last = epoch .. ',' .. string.format('%.0f', boundary) .. ',' .. seen .. ';'
  for entry in string.gmatch(past .. last, '[^;]+;') do
    entries[#entries + 1] = entry
  end
  return table.concat(entries, '', math.max(1, #entries - PAST_EPOCHS + 1))
end

-- Whether an epoch and its recorded generation are of the server that runs this script. Epochs of an earlier build, and
-- those that were started where INFO is forbidden, do not name it.
local function is_present(epoch, noted)
  local present = generation()
  return noted == present and #epoch == 20 and string.sub(epoch, 1, 8) == string.sub(present, 1, 8)
end

-- The position of the stream whose meta hash is this key: {epoch, offset, past, version, version epoch, publications to
-- keep or nil}; nil if there is none. Starts a new epoch of it if the generation is another one, or is not named by the
-- epoch.
local function reopen(token, key)
  local meta = redis.call('HMGET', key, 'e', 's', 'g', 'b', 'v', 've', 'k')
  if not meta[1] then
    return nil
  end
  local present = generation()
  local epoch, offset, past = meta[1], tonumber(meta[2] or '0') or 0, meta[4] or ''
  if present ~= '' and not is_present(epoch, meta[3]) then
    past = extend(past, epoch, offset, '?')
    epoch = new_epoch(token, 'next', key)
    redis.call('HSET', key, 'e', epoch, 'g', present, 'b', past)
  end
  return {epoch, offset, past, meta[5] or '0', meta[6] or '', tonumber(meta[7] or '')}
end

-- The same for the stream of the script. Creates the stream if there is none.
local function open(token)
  local stream = reopen(token, KEYS[1])
  if stream then
    return stream
  end
  local epoch = new_epoch(token, 'first', KEYS[1])
  -- First, as it is what needs memory, see keep.
  redis.call('HSET', KEYS[1], 'e', epoch, 's', '0', 'g', generation(), 'b', '')
  redis.call('DEL', KEYS[2])
  return {epoch, 0, '', '0', ''}
end
