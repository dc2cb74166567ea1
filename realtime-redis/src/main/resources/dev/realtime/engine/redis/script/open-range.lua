-- Prepended to scripts that read entries of a stream.
--
-- The stream may hold some entries more than its history has, see publish.lua. This reads as if it did not.

-- Arguments: the stream, the offset of its last entry, the size of the history or nil, XRANGE or XREVRANGE or empty for
-- no entries, first id, last id, most entries to read or -1.
local function read_entries(stream, offset, size, command, first, last, most)
  if command == '' then
    return {}
  end
  if size and size < offset then
    local beyond = offset - size
    if command == 'XREVRANGE' then
      last = '(' .. string.format('%d', beyond) .. '-0'
    elseif first == '-' or tonumber(string.match(first, '%d+')) < beyond then
      first = '(' .. string.format('%d', beyond) .. '-0'
    end
  end
  if tonumber(most) < 0 then
    return redis.call(command, stream, first, last)
  end
  return redis.call(command, stream, first, last, 'COUNT', most)
end

