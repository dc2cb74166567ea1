-- Publishes to a channel with history: takes the next offset, appends, and notifies all nodes. publish-usual.lua comes
-- first.
--
-- KEYS  1 meta hash, 2 stream, 3 idempotency key if there is one. All of one channel, so all carry the tag of its
--       partition and are in one slot.
-- ARGV  1 publication, 2 publications to keep, 3 at which offsets the stream is trimmed to them: the multiples of this,
--       4 time-to-live of the position in ms, 5 that of the publications, 6 token of the call, 7 PUBLISH or SPUBLISH,
--       8 name to publish under. It carries the tag, too, but is not a key: while a slot moves, a script with a missing
--       key is refused. Then, unless there is neither key nor version: 9 ms to remember the idempotency key, 10 version
--       or 0, 11 version epoch
-- Returns {offset, epoch, 0 published | 1 suppressed by key | 2 suppressed by version, generation of this server if 1:
--       it may not be that of the epoch}
-- Atomic: all of it. Nothing is written before what could be refused for its type or for lack of memory.

if KEYS[3] then
  local first = redis.call('GET', KEYS[3])
  -- Empty where it was only created to have a key, see MissingKeys.
  if first and first ~= '' then
    local colon = string.find(first, ':', 1, true)
    return {tonumber(string.sub(first, 1, colon - 1)), string.sub(first, colon + 1), 1, string.sub(generation(), 1, 8)}
  end
end

local stream = open(ARGV[6])
local epoch, offset = stream[1], stream[2]

local version, version_epoch = ARGV[10] or '0', ARGV[11]
if version ~= '0' and (version_epoch == '' or version_epoch == stream[5]) then
  -- Unsigned numbers of 64 bits exceed the precision of Lua numbers, so they are compared as text.
  local last = stream[4]
  if #version < #last or (#version == #last and version <= last) then
    keep(KEYS[1], tonumber(ARGV[4]))
    return {offset, epoch, 2}
  end
end

offset = offset + 1
local id = string.format('%d', offset)
local appended
-- Trimming passes all entries that were removed from the same node of the stream, which costs more than the rest of
-- XADD. So it is done for several publications together, and reads hide what is there beyond those to keep. Where their
-- number changes it is done immediately: what was hidden before does not come back.
local kept, most = stream[6], tonumber(ARGV[2])
if kept ~= most or offset % ARGV[3] == 0 then
  local length = string.format('%d', math.min(most, (kept or most) + 1))
  appended = redis.pcall('XADD', KEYS[2], 'MAXLEN', length, id .. '-0', 'p', ARGV[1])
else
  appended = redis.pcall('XADD', KEYS[2], id .. '-0', 'p', ARGV[1])
end
if type(appended) == 'table' and appended.err then
  if not (string.find(appended.err, 'WRONGTYPE', 1, true) or string.find(appended.err, 'smaller', 1, true)) then
    return appended
  end
  -- Not the stream that belongs to this position: history starts over instead of refusing forever.
  epoch = new_epoch(ARGV[6], 'again', KEYS[1])
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'e', epoch, 'b', '')
  redis.call('XADD', KEYS[2], 'MAXLEN', ARGV[2], id .. '-0', 'p', ARGV[1])
end
if version ~= '0' then
  redis.call('HSET', KEYS[1], 's', id, 'k', ARGV[2], 'v', version, 've', version_epoch)
else
  redis.call('HSET', KEYS[1], 's', id, 'k', ARGV[2])
end
-- The position lives as long as the publications at least, so it is enough to check these.
local ttl = tonumber(ARGV[5])
local left = redis.call('PTTL', KEYS[2])
if left < ttl or left > ttl * 1.1 then
  restart(KEYS[1], tonumber(ARGV[4]))
  restart(KEYS[2], ttl)
end
if KEYS[3] then
  redis.call('SET', KEYS[3], id .. ':' .. epoch, 'PX', ARGV[9])
end
redis.call(ARGV[7], ARGV[8], 'p' .. id .. ':' .. epoch .. ':' .. ARGV[1])
return {offset, epoch, 0}
