-- Put in front of scripts that need the time.
--
-- The time of the server in ms, so that clocks of nodes do not matter. Where TIME is refused to scripts, as serverless offers and
-- some users' rights do, it is the time that the calling node gave.
local function now_millis(given)
  local now = redis.pcall('TIME')
  if now.err then
    return tonumber(given)
  end
  return now[1] * 1000 + math.floor(now[2] / 1000)
end

