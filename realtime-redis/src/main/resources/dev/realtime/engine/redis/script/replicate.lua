-- Writes a key after publications, so that a replica that has it has them too, and returns which of them this server
-- has: it may have been promoted without the last ones. WAIT follows on the same connection.
--
-- KEYS  1 what is written, 2 and further: meta hashes of channels. All of one partition, so all carry its tag.
-- ARGV  epoch and offset of a publication in each of those channels
-- Returns {number of replicas with the whole data, or -1 where INFO is forbidden, 1 or 0 for each publication}
-- Atomic: check and write. Work is bounded by the caller.

redis.call('SET', KEYS[1], '1', 'PX', 60000)
local info = redis.pcall('INFO', 'replication')
local has = {-1}
if type(info) == 'string' then
  local _, online = string.gsub(info, 'slave%d+:[^\r\n]*state=online', '')
  has[1] = online
end
for i = 2, #KEYS do
  local epoch, offset = ARGV[2 * i - 3], tonumber(ARGV[2 * i - 2])
  local meta = redis.call('HMGET', KEYS[i], 'e', 's', 'b')
  local last = meta[1] == epoch and tonumber(meta[2]) or -1
  for past, boundary in string.gmatch(meta[3] or '', '([^;,]+),(%d+),[^;,]+;') do
    if past == epoch then
      last = tonumber(boundary)
    end
  end
  has[i] = last >= offset and 1 or 0
end
return has
