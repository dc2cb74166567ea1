-- Publishes to a channel with history: takes the next offset, appends, and notifies all nodes.
--
-- KEYS  1 meta hash, 2 stream, 3 idempotency key if there is one. All of one channel, so all carry the tag of its
--       partition and are in one slot.
-- ARGV  1 publication, 2 publications to keep, 3 their time-to-live in ms, 4 that of the position, 5 token of the call,
--       6 PUBLISH or SPUBLISH, 7 ms to remember the idempotency key, 8 version or 0, 9 version epoch, 10 name to
--       publish under. It carries the tag, too, but is not a key: while a slot moves, a script with a missing key is
--       refused.
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

local stream = open(ARGV[5])
local epoch, offset = stream[1], stream[2]

local version, version_epoch = ARGV[8], ARGV[9]
if version ~= '0' and (version_epoch == '' or version_epoch == stream[5]) then
  -- Unsigned numbers of 64 bits exceed the precision of Lua numbers, so they are compared as text.
  local last = stream[4]
  if #version < #last or (#version == #last and version <= last) then
    keep(KEYS[1], tonumber(ARGV[4]))
    return {offset, epoch, 2}
  end
end

offset = offset + 1
local id = string.format('%.0f', offset)
local appended = redis.pcall('XADD', KEYS[2], 'MAXLEN', ARGV[2], id .. '-0', 'p', ARGV[1])
if type(appended) == 'table' and appended.err then
  if not (string.find(appended.err, 'WRONGTYPE', 1, true) or string.find(appended.err, 'smaller', 1, true)) then
    return appended
  end
  -- Not the stream that belongs to this position: history starts over instead of refusing forever.
  epoch = new_epoch(ARGV[5], 'again', KEYS[1])
  redis.call('DEL', KEYS[2])
  redis.call('HSET', KEYS[1], 'e', epoch, 'b', '')
  redis.call('XADD', KEYS[2], 'MAXLEN', ARGV[2], id .. '-0', 'p', ARGV[1])
end
if version ~= '0' then
  redis.call('HSET', KEYS[1], 's', id, 'v', version, 've', version_epoch)
else
  redis.call('HSET', KEYS[1], 's', id)
end
keep(KEYS[1], tonumber(ARGV[4]))
keep(KEYS[2], tonumber(ARGV[3]))
if KEYS[3] then
  redis.call('SET', KEYS[3], id .. ':' .. epoch, 'PX', ARGV[7])
end
redis.call(ARGV[6], ARGV[10], 'p' .. id .. ':' .. epoch .. ':' .. ARGV[1])
return {offset, epoch, 0}
