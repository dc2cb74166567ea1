-- Prepended to every script of presence.
--
-- Three keys per channel: a hash of client id to info, a sorted set of client id by the time in ms at which its entry
-- ends, and a hash of user id to the number of its clients, so that counting does not read the clients. All of one
-- channel, so all carry the tag of its partition. Time is that of the server, see open-clock.lua.

-- Entries that end in one call. A caller that needs a complete reply calls again as long as there are more.
local MOST_EXPIRED = 200

-- The user an info begins with, behind a version: its length, seven bits at a time, then the user.
local function user_of(info)
  local length, scale, at = 0, 1, 2
  repeat
    local octet = string.byte(info, at) or 0
    length = length + (octet % 128) * scale
    scale = scale * 128
    at = at + 1
  until octet < 128
  return string.sub(info, at, at + length - 1)
end

local function uncount(users, user)
  if redis.call('HINCRBY', users, user, -1) <= 0 then
    redis.call('HDEL', users, user)
  end
end

-- Removes expired entries; returns whether there may be more. A channel that has lost one of its keys loses the others
-- too: the nodes write their entries again with the next refresh.
local function purge(infos, expiry, users, now)
  local kept = redis.call('EXISTS', infos, expiry, users)
  if kept == 0 then
    return false
  end
  if kept < 3 then
    redis.call('DEL', infos, expiry, users)
    return false
  end
  local expired = redis.call('ZRANGEBYSCORE', expiry, '-inf', string.format('%.0f', now), 'LIMIT', 0, MOST_EXPIRED)
  if #expired == 0 then
    return false
  end
  local gone = redis.call('HMGET', infos, unpack(expired))
  for i = 1, #expired do
    if gone[i] then
      uncount(users, user_of(gone[i]))
    end
  end
  redis.call('HDEL', infos, unpack(expired))
  redis.call('ZREM', expiry, unpack(expired))
  return #expired == MOST_EXPIRED
end
