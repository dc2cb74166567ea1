-- Put in front of every script that uses the position of a stream.
--
-- KEYS[1] of those scripts is the meta hash of the channel, KEYS[2] its stream. Fields of the hash:
--   e   epoch
--   s   offset of the last publication
--   g   generation of Redis (master_replid) that e was begun or last used in; empty when INFO is forbidden
--   b   past epochs of the same stream, oldest first, as "epoch,boundary,seen;": the offset at which the epoch ended, and the
--       highest offset of it that some node is known to have had, '?' as long as nobody asked
--   v, ve   version of the last publication that had one, and its version epoch
--
-- The fence. A replica that is promoted may lack acknowledged publications and would give their offsets away a second time.
-- But it has another generation than the one that acknowledged them, and here both are compared in the same atomic step that
-- gives offsets away: a stream never goes on under the same epoch in another generation.

local PAST_EPOCHS = 8

-- Noted as seen where more was lost than can be told: the largest number that scripts can compare.
local BEYOND = '9007199254740991'

-- Starts the life of a key again. Not written while more than nine tenths of it are left: replicas are spared the write.
local function keep(key, ttl)
  local left = redis.call('PTTL', key)
  if left > ttl or left < ttl * 0.9 then
    redis.call('PEXPIRE', key, string.format('%.0f', ttl))
  end
end

local function generation()
  local info = redis.pcall('INFO', 'replication')
  if type(info) ~= 'string' then
    return ''
  end
  return string.match(info, 'master_replid:(%x+)') or ''
end

-- Unique without randomness, which scripts have not: nodes have different tokens, and one server runs one script at a time.
local function new_epoch(token, salt)
  local now = redis.call('TIME')
  return string.sub(redis.sha1hex(token .. salt .. now[1] .. '.' .. now[2] .. KEYS[1]), 1, 16)
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

-- The position of the stream: {epoch, offset, past, version, version epoch}. Begins a stream if there is none, and a new epoch
-- of it if the generation is another one.
local function open(token)
  local meta = redis.call('HMGET', KEYS[1], 'e', 's', 'g', 'b', 'v', 've')
  local present = generation()
  if not meta[1] then
    local epoch = new_epoch(token, 'first')
    redis.call('DEL', KEYS[2])
    redis.call('HSET', KEYS[1], 'e', epoch, 's', '0', 'g', present, 'b', '')
    return {epoch, 0, '', '0', ''}
  end
  local epoch, offset, past = meta[1], tonumber(meta[2] or '0') or 0, meta[4] or ''
  if present ~= '' and meta[3] ~= present then
    past = extend(past, epoch, offset, '?')
    epoch = new_epoch(token, 'next')
    redis.call('HSET', KEYS[1], 'e', epoch, 'g', present, 'b', past)
  end
  return {epoch, offset, past, meta[5] or '0', meta[6] or ''}
end
