-- Prepended to scripts that need the time.
--
-- The time of the server in ms, so that clocks of nodes do not matter. Where TIME is refused to scripts, as by some
-- serverless offers and rights of users, it is the time that the calling node passed.
local function now_millis(given)
  local now = redis.pcall('TIME')
  if now.err then
    return tonumber(given)
  end
  return now[1] * 1000 + math.floor(now[2] / 1000)
end

