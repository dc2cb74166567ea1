-- Returns which commands of the other scripts the user may not run. Calls each of them on a key that does not exist
-- before or after.
--
-- KEYS  1 a key that nothing else uses
-- ARGV  none
-- Returns the names of the commands that are refused
-- Atomic: the key is never visible to others.

local calls = {
  {'DEL', KEYS[1]}, {'EXISTS', KEYS[1]}, {'GET', KEYS[1]}, {'TYPE', KEYS[1]}, {'PTTL', KEYS[1]},
  {'PEXPIRE', KEYS[1], '1'},
  {'HGET', KEYS[1], 'f'}, {'HMGET', KEYS[1], 'f'}, {'HGETALL', KEYS[1]}, {'HLEN', KEYS[1]}, {'HDEL', KEYS[1], 'f'},
  {'XRANGE', KEYS[1], '-', '+'}, {'XREVRANGE', KEYS[1], '+', '-'}, {'XADD', KEYS[1], 'NOMKSTREAM', '*', 'f', 'v'},
  {'XTRIM', KEYS[1], 'MAXLEN', '1'},
  {'ZREM', KEYS[1], 'm'}, {'ZSCORE', KEYS[1], 'm'}, {'ZRANGEBYSCORE', KEYS[1], '0', '1'},
  {'ZADD', KEYS[1], 'XX', '1', 'm'},
  {'SET', KEYS[1], 'v', 'PX', '1000'}, {'DEL', KEYS[1]},
  {'HSET', KEYS[1], 'f', '1'}, {'HINCRBY', KEYS[1], 'f', '1'}, {'HSETNX', KEYS[1], 'f', '1'}, {'DEL', KEYS[1]},
}
local refused = {}
local seen = {}
for _, call in ipairs(calls) do
  local reply = redis.pcall(unpack(call))
  local problem = type(reply) == 'table' and reply.err
  if problem and not seen[call[1]]
      and (string.find(problem, 'permission', 1, true) or string.find(problem, "can't run this command", 1, true)
        or string.find(problem, 'ACL', 1, true)) then
    seen[call[1]] = true
    refused[#refused + 1] = string.lower(call[1])
  end
end
return refused
