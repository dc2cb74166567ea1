-- The usual publish: the stream exists, with the same number of publications to keep, its epoch is of the generation of
-- the server, and there is neither an idempotency key nor a version. Put before open-stream.lua and publish.lua, which
-- do everything else. It repeats some lines of them, as making the functions of open-stream.lua takes as long as two
-- commands.
--
-- KEYS, ARGV, result and atomicity: see publish.lua. Where something is not as usual, nothing has been written.

if #ARGV == 8 then
  local call = redis.call
  local meta = call('HMGET', KEYS[1], 'e', 's', 'g', 'k')
  local epoch, last, noted = meta[1], meta[2], meta[3]
  if epoch and last and noted and meta[4] == ARGV[2] and #epoch == 20
    and string.sub(epoch, 1, 8) == string.sub(noted, 1, 8)
  then
    local info = redis.pcall('INFO', 'replication')
    -- As is_present has it; looking for the whole line is faster than matching a pattern.
    if type(info) == 'string' and string.find(info, 'master_replid:' .. noted, 1, true) then
      local offset = tonumber(last) + 1
      local id = string.format('%d', offset)
      local appended
      if offset % ARGV[3] == 0 then
        appended = redis.pcall('XADD', KEYS[2], 'MAXLEN', ARGV[2], id .. '-0', 'p', ARGV[1])
      else
        appended = redis.pcall('XADD', KEYS[2], id .. '-0', 'p', ARGV[1])
      end
      if type(appended) == 'string' then
        call('HSET', KEYS[1], 's', id)
        local ttl = tonumber(ARGV[5])
        local left = call('PTTL', KEYS[2])
        if left < ttl or left > ttl * 1.1 then
          call('PEXPIRE', KEYS[1], string.format('%.0f', ARGV[4] * 1.1))
          call('PEXPIRE', KEYS[2], string.format('%.0f', ttl * 1.1))
        end
        call(ARGV[7], ARGV[8], 'p' .. id .. ':' .. epoch .. ':' .. ARGV[1])
        return {offset, epoch, 0}
      end
    end
  end
end

