-- Reads what was sent to all nodes after a command.
--
-- KEYS  1 stream of commands
-- ARGV  1 id of that command, or empty for the id of the latest alone, 2 most commands
-- Returns {id of the latest or 0-0, {{id, {c, command}}, ...}}. If the latest is older than the command asked for, Redis has lost
--       the stream and begun another, which is read from its beginning.
-- Atomic: of one moment. Work is bounded by the number asked for.

local latest = redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)
local top = latest[1] and latest[1][1] or '0-0'
if ARGV[1] == '' then
  return {top, {}}
end

local function before(a, b)
  local a_time, a_count = string.match(a, '(%d+)-(%d+)')
  local b_time, b_count = string.match(b, '(%d+)-(%d+)')
  if a_time ~= b_time then
    return tonumber(a_time) < tonumber(b_time)
  end
  return tonumber(a_count) < tonumber(b_count)
end

local from = before(top, ARGV[1]) and '-' or '(' .. ARGV[1]
return {top, redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', ARGV[2])}
