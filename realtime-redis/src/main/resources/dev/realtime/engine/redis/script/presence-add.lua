-- Adds clients to channels, replaces them, or restarts their time-to-live.
--
-- KEYS  for each channel: infos, expiry, users, see open-presence.lua. Channels of one partition, so all carry its tag.
-- ARGV  1 time-to-live in ms, 2 time in ms of the node; then for each channel: number of clients, and for each of them
--       client id and info
-- Returns the number of channels
-- Atomic: all of it. Work is bounded by the caller, some hundred clients, and by the purge of each channel.

local ttl = tonumber(ARGV[1])
local now = now_millis(ARGV[2])
local ends = string.format('%.0f', now + ttl)
local at = 3
for key = 1, #KEYS, 3 do
  local infos, expiry, users = KEYS[key], KEYS[key + 1], KEYS[key + 2]
  purge(infos, expiry, users, now)
  local clients = tonumber(ARGV[at])
  at = at + 1
  for _ = 1, clients do
    local client, info = ARGV[at], ARGV[at + 1]
    at = at + 2
    local before = redis.call('HGET', infos, client)
    if before ~= info then
      if before then
        uncount(users, user_of(before))
      end
      redis.call('HINCRBY', users, user_of(info), 1)
      redis.call('HSET', infos, client, info)
    end
    redis.call('ZADD', expiry, ends, client)
  end
  -- Twice the time-to-live, so that most refreshes need no write for it; never less than what the entries have left.
  if redis.call('PTTL', expiry) < ttl or redis.call('PTTL', infos) < ttl or redis.call('PTTL', users) < ttl then
    for offset = 0, 2 do
      redis.call('PEXPIRE', KEYS[key + offset], 2 * ttl)
    end
  end
end
return #KEYS / 3
